-- The deals of a closing. What it kept as the owner is the membership that the deal
-- belonged to then. Grain: one row a deal.
create or replace temp table then_deal as
select d.deal_id, d.account_id, d.owner_rep_id as membership_id, d.created_at, d.closed_at, d.lead_at, d.amount_minor, d.currency, d.reporting_minor
from reported_deal d
where d.closing = $closing
