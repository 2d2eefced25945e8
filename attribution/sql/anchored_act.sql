-- The touch of every act but the engagements that have no key of their own.
-- Grain: one row an act.
--
-- Acts with a strong key share it. A run of others that one source alone saw
-- joins the nearest act with a strong key of the same subject and class within
-- five minutes, when that source has no record of that act itself and the links
-- do not contradict: two threads, pages or posts do when they differ, a thread
-- and a campaign do not. Ties go to the smaller key.
create or replace temp table anchored_act as
with candidate as (
	select
		r.run_key, r.seen_by, g.strong as touch_id,
		case
			when g.occurred_at < r.from_at then date_diff('second', g.occurred_at, r.from_at)
			when g.occurred_at > r.to_at then date_diff('second', r.to_at, g.occurred_at)
			else 0
		end as apart
	from (
		select distinct w.run_key, w.seen_by, w.from_at, w.to_at, w.subject, w.class, w.link
		from weak_run w
		where w.seen_by <> '' and w.seen_by not like 'engagements:%'
	) r
	join graded_act g on g.subject = r.subject and g.class = r.class
	where g.strong <> ''
		and g.occurred_at >= r.from_at - 300 * interval '1' second
		and g.occurred_at <= r.to_at + 300 * interval '1' second
		and (g.link = r.link or split_part(g.link, ':', 1) <> split_part(r.link, ':', 1))
),
near as (
	select
		c.run_key, c.touch_id,
		row_number() over (partition by c.run_key order by c.apart, c.touch_id) as rank
	from candidate c
	where not exists (
		select 1 from graded_act g
		where g.strong = c.touch_id and g.stream || ':' || g.source = c.seen_by
	)
)
select w.act_no, coalesce(n.touch_id, w.run_key) as touch_id
from weak_run w
left join near n on n.run_key = w.run_key and n.rank = 1
where w.seen_by not like 'engagements:%'
union all
select g.act_no, g.strong
from graded_act g
where g.strong <> ''
