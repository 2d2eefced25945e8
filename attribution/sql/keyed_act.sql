-- The touch each act is a record of. Grain: one row an act.
--
-- An engagement without a key of its own, a reply or click as a campaign tool
-- counts them, is mostly the echo of a mail or visit that another source saw: its
-- run joins the nearest such act by the rule of anchored_act.
create or replace temp table keyed_act as
with candidate as (
	select
		r.run_key, r.seen_by, k.touch_id,
		case
			when g.occurred_at < r.from_at then date_diff('second', g.occurred_at, r.from_at)
			when g.occurred_at > r.to_at then date_diff('second', r.to_at, g.occurred_at)
			else 0
		end as apart
	from (
		select distinct w.run_key, w.seen_by, w.from_at, w.to_at, w.subject, w.class, w.link
		from weak_run w
		where w.seen_by like 'engagements:%'
	) r
	join graded_act g on g.subject = r.subject and g.class = r.class
	join anchored_act k on k.act_no = g.act_no
	where g.occurred_at >= r.from_at - 300 * interval '1' second
		and g.occurred_at <= r.to_at + 300 * interval '1' second
		and (g.link = r.link or split_part(g.link, ':', 1) <> split_part(r.link, ':', 1))
),
near as (
	select
		c.run_key, c.touch_id,
		row_number() over (partition by c.run_key order by c.apart, c.touch_id) as rank
	from candidate c
	where not exists (
		select 1
		from anchored_act k
		join graded_act g on g.act_no = k.act_no
		where k.touch_id = c.touch_id and g.stream || ':' || g.source = c.seen_by
	)
)
select w.act_no, coalesce(n.touch_id, w.run_key) as touch_id
from weak_run w
left join near n on n.run_key = w.run_key and n.rank = 1
where w.seen_by like 'engagements:%'
union all
select k.act_no, k.touch_id
from anchored_act k
