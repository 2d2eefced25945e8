-- The windows of deals under other settings of the same people rule. Grain: one
-- row a deal.
create or replace temp table deal_window as
select
	d.deal_no, d.deal_id, d.account_id, d.primary_person_id, d.owner_rep_id, d.status, d.created_at, d.closed_at, d.lead_at,
	coalesce(case when $anchor = 'close' then d.closed_at else d.created_at end, d.window_to)
		- cast($lookback_days as bigint) * interval '1' day as window_from,
	d.window_to, d.amount_minor, d.currency, d.reporting_minor
from /*deals*/ d
where ($deal_id = '' or d.deal_id = $deal_id)
	and ($all_time or (d.closed_at >= $from and d.closed_at < $to))
