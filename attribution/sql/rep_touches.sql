-- The touches of a rep in a period, of the time in which the reader sees the rep,
-- newest first, with what each earned under one model at each deal whose journey
-- holds it. A deal out of the reader's scope shows only where the touch earned, by
-- its account and stage. Grain: one row a touch and deal; one row for a touch
-- without a deal to show.
with seen_rep as (
	select m.from_at, m.until_at
	from membership m
	where m.rep_id = $rep_id and m.membership_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
),
place as (
	select
		j.touch_no, j.bucket, j.withheld, j.r_/*model*/ as credit, w.deal_no, w.deal_id,
		w.membership_id in (select v.rep_id from visible_rep v where v.user_id = $user_id) as own
	from touch t
	join journey_touch j on j.touch_no = t.touch_no
	join journey_deal w on w.deal_no = j.deal_no
	where t.rep_id = $rep_id and t.occurred_at >= $from and t.occurred_at < $to
		and (w.membership_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
			or (j.w_/*model*/ > 0 and j.a_/*model*/ is not null))
)
select
	t.touch_id, t.occurred_at, t.kind, t.direction, t.channel, t.campaign_id, t.post_id, t.evidence, t.title,
	t.account_id, coalesce(a.name, '') as account,
	case when x.own then x.deal_id else '' end as deal_id,
	case when x.own then coalesce(d.name, '') else '' end as deal,
	coalesce(d.stage, '') as stage, coalesce(d.status, '') as status,
	case when t.evidence = 'D' then 'suspected' else coalesce(x.bucket, '') end as bucket,
	case when not x.withheld then x.credit end as credit,
	case when t.reason = 'excluded by rule' then t.reason || ' ' || t.rule else t.reason end
from touch t
left join place x on x.touch_no = t.touch_no
left join deal d on d.deal_id = x.deal_id
left join account a on a.account_id = case when coalesce(d.account_id, '') <> '' then d.account_id else t.account_id end
where t.rep_id = $rep_id and t.rep_id <> ''
	and t.occurred_at >= $from and t.occurred_at < $to
	and exists (select 1 from seen_rep s where t.occurred_at >= s.from_at and t.occurred_at < s.until_at)
order by t.occurred_at desc, t.touch_no desc, x.deal_no
