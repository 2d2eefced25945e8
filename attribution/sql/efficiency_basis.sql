-- Where the cost of goods of the deals won in a period comes from. Grain: one
-- row a basis. Only for who sees the whole company.
select
	case when coalesce(f.cost_basis, '') <> '' and f.cost_minor is not null then f.cost_basis else 'margin' end as basis,
	count(*) as deals,
	cast(sum(d.reporting_minor) as bigint) as sales_minor,
	cast(sum(coalesce(f.cost_minor, d.reporting_minor - cast(round(d.reporting_minor * cast($margin as double)) as bigint))) as bigint) as cost_minor
from journey_deal d
join deal f on f.deal_id = d.deal_id
where d.status = 'won' and d.amount_minor is not null and d.reporting_minor is not null
	and d.counted_at >= $from and d.counted_at < $to
	and exists (select 1 from visible_rep v where v.user_id = $user_id and v.rep_id = '')
group by 1
order by 1
