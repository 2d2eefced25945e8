-- The windows of deals under other settings of the same people rule. Grain: one
-- row a deal.
create or replace temp /*kind*/ as
select
	d.deal_no, d.deal_id, d.account_id, d.primary_person_id, d.membership_id, d.status, d.created_at, d.closed_at, d.lead_at,
	coalesce(/*anchor*/, d.window_to) - /*lookback_days*/ * interval '1' day as window_from,
	d.window_to, d.amount_minor, d.currency, d.reporting_minor
from /*deals*/ d/*which*/
