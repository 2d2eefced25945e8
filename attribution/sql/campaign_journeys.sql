-- The journeys that a campaign stands in, those with most credit first: open and
-- lost deals too, won ones only when they closed in the period. Grain: one row a
-- deal; rows is of all.
with stood as (
	select j.deal_no, count(*) as touches, min(j.position) as position, max(j.touches) as of_touches, cast(sum(j.r_/*model*/) as bigint) as credit
	from touch t
	join journey_touch j on j.touch_no = t.touch_no
	where t.campaign_id = $campaign_id and not j.withheld
	group by j.deal_no
),
shown as materialized (
	select
		d.deal_no, d.deal_id, d.account_id, d.status, d.closed_at, d.reporting_minor, s.position, s.touches, s.of_touches, s.credit
	from stood s
	join journey_deal d on d.deal_no = s.deal_no
	where d.membership_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
		and (d.status = 'open' or d.counted_at >= $from and d.counted_at < $to)
)
select
	d.deal_id, coalesce(f.name, '') as deal, coalesce(a.name, '') as account, d.status, coalesce(f.stage, '') as stage, d.closed_at,
	d.reporting_minor, d.position, d.touches, d.of_touches, d.credit, g.of_rows
from shown d
cross join (select count(*) as of_rows from shown a) g
left join deal f on f.deal_id = d.deal_id
left join account a on a.account_id = d.account_id
order by coalesce(d.credit, 0) desc, case d.status when 'won' then 0 when 'open' then 1 else 2 end, coalesce(d.reporting_minor, 0) desc, d.deal_id
offset $skip limit $size
