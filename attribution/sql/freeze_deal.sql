-- The won deals of the period, those without an amount too. Grain: one row a
-- deal.
insert into reported_deal (
	closing, deal_id, account_id, owner_rep_id, created_at, closed_at, lead_at, amount_minor, currency, reporting_minor
)
select
	cast($closing as bigint), d.deal_id, d.account_id, d.membership_id, d.created_at, d.closed_at, d.lead_at, d.amount_minor, d.currency, d.reporting_minor
from journey_deal d
where d.status = 'won' and d.counted_at >= $from and d.counted_at < $to
order by d.deal_no
