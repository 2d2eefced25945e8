-- How each deal won in a period is shared among channels under one model, the
-- largest share first. Grain: one row a deal and channel, withheld and
-- unattributed among them.
with won as (
	select d.deal_no, d.deal_id, d.ur_/*model*/ as left_over
	from journey_deal d
	where d.status = 'won' and d.amount_minor is not null and d.reporting_minor is not null
		and d.counted_at >= $from and d.counted_at < $to
		and d.membership_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
),
part as (
	select w.deal_id, case when j.withheld then 'withheld' else t.channel end as channel, cast(sum(j.r_/*model*/) as bigint) as credit
	from won w
	join journey_touch j on j.deal_no = w.deal_no
	join touch t on t.touch_no = j.touch_no
	group by 1, 2
	union all
	select w.deal_id, 'unattributed', w.left_over
	from won w
)
select p.deal_id, p.channel, p.credit
from part p
where p.credit <> 0
order by p.deal_id, abs(p.credit) desc, p.channel
