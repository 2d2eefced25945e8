-- What touches of the reader's reps, in the time in which the reader sees them, earned
-- on deals the reader may not see: never the deal. Grain: one row a touch and deal.
with seen_rep as (
	select m.rep_id, m.from_at, m.until_at
	from membership m
	where m.membership_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
)
select
	c.rep_id, coalesce(r.name, c.rep_id) as rep, coalesce(a.name, '') as account, coalesce(d.stage, '') as stage,
	c.touch_id, t.kind, c.channel, t.occurred_at, c.bucket, c.reporting_minor
from (/*credit*/) c
join seen_rep s on s.rep_id = c.rep_id and c.occurred_at >= s.from_at and c.occurred_at < s.until_at
join deal d on d.deal_id = c.deal_id
join touch t on t.touch_id = c.touch_id
left join account a on a.account_id = d.account_id
left join rep r on r.rep_id = c.rep_id
where c.counted_at >= $from and c.counted_at < $to
	and c.reporting_minor is not null
	and c.rep_id <> ''
	and c.membership_id not in (select v.rep_id from visible_rep v where v.user_id = $user_id)
order by c.reporting_minor desc, c.touch_id, c.deal_no
