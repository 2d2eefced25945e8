-- How many whole days before the close half of the eligible touches of won deals
-- came, over everything the reader sees. Grain: one row: null without a touch.
with lag as materialized (
	select cast(floor(1e0 * date_diff('second', t.occurred_at, d.closed_at) / 86400) as bigint) as days, count(*) as touches
	from journey_deal d
	join journey_touch j on j.deal_no = d.deal_no
	join touch t on t.touch_no = j.touch_no
	where d.status = 'won' and d.closed_at is not null and not j.withheld
		and d.membership_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
	group by 1
),
running as (
	select l.days, sum(l.touches) over (order by l.days rows unbounded preceding) as upto
	from lag l
)
select min(r.days)
from running r
cross join (select sum(l.touches) as touches from lag l) g
where 2 * r.upto >= g.touches
