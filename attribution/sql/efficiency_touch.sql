-- The deals won in a period with their sales, cost of goods and touches, in
-- journey order, and each touch's weight under every model; the total weight of
-- the journey where the models keep it. Grain: one row a deal and touch, one for
-- a deal without a touch. Only for who sees the whole company.
with won as (
	select
		d.deal_no, d.reporting_minor,
		coalesce(f.cost_minor, d.reporting_minor - cast(round(d.reporting_minor * cast($margin as double)) as bigint)) as cost_minor
	from journey_deal d
	join deal f on f.deal_id = d.deal_id
	where d.status = 'won' and d.amount_minor is not null and d.reporting_minor is not null
		and d.counted_at >= $from and d.counted_at < $to
		and exists (select 1 from visible_rep v where v.user_id = $user_id and v.rep_id = '')
)
select
	w.deal_no, w.reporting_minor, w.cost_minor, coalesce(j.withheld, false) as withheld,
	coalesce(t.channel, '') as channel, coalesce(t.campaign_id, '') as campaign_id, coalesce(c.name, t.campaign_id, '') as campaign,
	coalesce(c.channel, '') as campaign_channel/*weights*//*totals*/
from won w
left join journey_touch j on j.deal_no = w.deal_no
left join touch t on t.touch_no = j.touch_no
left join campaign c on c.campaign_id = t.campaign_id
order by w.deal_no, j.position
