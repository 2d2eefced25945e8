-- Sales, cost of goods and deals of the deals won in a period under every model,
-- by channel and campaign: s_ sales, c_ cost, split by the rule of the ledger so
-- that the parts are exactly the whole, d_ deals in units of 10^-12. What no
-- touch earned is one row; its cost is what the others leave. Grain: one row a
-- kind (named, withheld, unattributed), channel and campaign. Only for who sees
-- the whole company.
with won as (
	select
		d.deal_no,
		coalesce(f.cost_minor, d.reporting_minor - cast(round(d.reporting_minor * cast($margin as double)) as bigint)) as cost_minor/*residues*/
	from journey_deal d
	join deal f on f.deal_id = d.deal_id
	where d.status = 'won' and d.amount_minor is not null and d.reporting_minor is not null
		and d.counted_at >= $from and d.counted_at < $to
		and exists (select 1 from visible_rep v where v.user_id = $user_id and v.rep_id = '')
),
running as (
	select j.deal_no, j.touch_no, j.withheld/*running*/
	from journey_touch j
	where j.deal_no in (select w.deal_no from won w)
),
part as (
	select
		case when j.withheld then 'withheld' else '' end as kind,
		case when j.withheld then '' else t.channel end as channel,
		case when j.withheld then '' else t.campaign_id end as campaign_id/*parts*/
	from running j
	join won w on w.deal_no = j.deal_no
	join touch t on t.touch_no = j.touch_no
),
shared as (
	select p.kind, p.channel, p.campaign_id/*sums*/
	from part p
	group by p.kind, p.channel, p.campaign_id
	union all
	select 'unattributed', '', ''/*unattributed*/
	from won w
)
select s.kind, s.channel, s.campaign_id, coalesce(a.name, s.campaign_id) as campaign/*answers*/
from shared s
left join campaign a on a.campaign_id = s.campaign_id
order by s.kind, s.channel, s.campaign_id
