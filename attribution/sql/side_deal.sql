-- The won deals of today; SIDE says under which settings. Grain: one row a deal.
create or replace temp table /*side*/_deal as
select d.deal_id, d.account_id, d.membership_id, d.created_at, d.closed_at, d.lead_at, d.amount_minor, d.currency, d.reporting_minor
from journey_deal d
where d.status = 'won' and d.counted_at >= $from and d.counted_at < $to
