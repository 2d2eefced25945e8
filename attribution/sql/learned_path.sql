-- Closed journeys as the numbers of their nodes in order, counted: deals won with
-- an amount in the reporting currency, their revenue in minor units, deals lost.
-- Deals won without such an amount teach nothing, and neither do people who opted
-- out. Grain: one row a path.
with walked as (
	select s.deal_no, string_agg(cast(n.node as varchar), ' ' order by s.position) as path
	from step s
	join touch t on t.touch_no = s.touch_no
	join learned_node n on n.id = case when $level = 'channel' then t.channel when $level = 'campaign' then t.campaign_id else t.rep_id end
	where not s.withheld
	group by s.deal_no
)
select
	w.path,
	count(case when d.status = 'won' then 1 end) as won,
	cast(coalesce(sum(case when d.status = 'won' then d.reporting_minor end), 0) as bigint) as value_minor,
	count(case when d.status = 'lost' then 1 end) as lost
from walked w
join deal_window d on d.deal_no = w.deal_no
where d.status = 'lost' or (d.status = 'won' and d.amount_minor is not null and d.reporting_minor is not null)
group by w.path
order by w.path
