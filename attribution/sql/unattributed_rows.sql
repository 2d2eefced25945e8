-- The deals won in a period of which something went to no touch under one model,
-- the largest part first, with the reason: why the deal has no eligible touch,
-- or 'base' when the model leaves a part of it to none. Grain: one row a deal;
-- rows and credit are of all. Begins with uncovered_part.
/*part*/,
left_over as materialized (
	select w.deal_no, w.ur_/*model*/ as credit, w.uw_/*model*/ as weight, coalesce(u.reason, 'base') as reason
	from won w
	left join uncovered_deal u on u.deal_no = w.deal_no
	where w.uw_/*model*/ > 0 and ($reason = '' or coalesce(u.reason, 'base') = $reason)
)
select
	d.deal_id, coalesce(f.name, '') as deal, coalesce(a.name, '') as account, d.closed_at, l.reason, l.weight, l.credit, d.reporting_minor,
	g.of_rows, g.of_credit
from left_over l
cross join (select count(*) as of_rows, cast(sum(a.credit) as bigint) as of_credit from left_over a) g
join journey_deal d on d.deal_no = l.deal_no
left join deal f on f.deal_id = d.deal_id
left join account a on a.account_id = d.account_id
order by l.credit desc, d.deal_id
offset $skip limit $size
