-- Sales and cost of goods of the deals won in a period, each deal's cost shared
-- by the running sum of its credits, so that the parts are exactly the whole.
-- Grain: one row a kind (named, withheld, unattributed), channel and campaign.
-- Only for who sees the whole company.
with won as (
	select
		d.deal_no, d.deal_id, d.reporting_minor,
		coalesce(f.cost_minor, d.reporting_minor - cast(round(d.reporting_minor * cast($margin as double)) as bigint)) as cost_minor
	from journey_deal d
	join deal f on f.deal_id = d.deal_id
	where d.status = 'won' and d.amount_minor is not null and d.reporting_minor is not null
		and d.counted_at >= $from and d.counted_at < $to
		and exists (select 1 from visible_rep v where v.user_id = $user_id and v.rep_id = '')
),
part as (
	select
		c.deal_no, c.position, c.bucket, c.channel, c.campaign_id, c.weight, c.reporting_minor,
		w.cost_minor, abs(w.reporting_minor) as whole,
		abs(cast(sum(c.reporting_minor) over (partition by c.deal_no order by c.position rows unbounded preceding) as bigint)) as running,
		row_number() over (partition by c.deal_no order by c.position desc) as from_last
	from (/*credit*/) c
	join won w on w.deal_no = c.deal_no
),
costed as (
	select
		p.bucket, p.channel, p.campaign_id, p.weight, p.reporting_minor,
		case
			when p.whole = 0 then case when p.from_last = 1 then p.cost_minor else 0 end
			else sign(p.cost_minor) * (
				round_share(abs(p.cost_minor), p.running, p.whole)
				- round_share(abs(p.cost_minor), p.running - abs(p.reporting_minor), p.whole))
		end as cost_minor
	from part p
)
select
	case when c.bucket in ('withheld', 'unattributed') then c.bucket else '' end as kind, c.channel, c.campaign_id,
	coalesce(max(a.name), max(c.campaign_id), '') as campaign,
	cast(sum(c.reporting_minor) as bigint) as reporting_minor,
	cast(sum(c.cost_minor) as bigint) as cost_minor,
	cast(sum(cast(round(c.weight * 1e12) as bigint)) as bigint) as deals_e12
from costed c
left join campaign a on a.campaign_id = c.campaign_id
group by case when c.bucket in ('withheld', 'unattributed') then c.bucket else '' end, c.channel, c.campaign_id
order by 1, 2, 3
