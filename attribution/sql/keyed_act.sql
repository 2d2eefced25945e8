-- The key of the touch each act is a record of. Grain: one row an act.
--
-- Acts with a strong key share it. The others are one act when they follow each
-- other within five minutes with the same subject, class and link; such a run
-- seen by one source alone joins the nearest act with a strong key of the same
-- subject and class within five minutes, when that source has no record of that
-- act itself and the links agree or one of them is not known. Ties go to the
-- smaller key.
create or replace temp table keyed_act as
with spaced as (
	select
		g.source, g.stream, g.source_id, g.subject, g.class, g.link, g.occurred_at,
		lag(g.occurred_at) over (
			partition by g.subject, g.class, g.link
			order by g.occurred_at, g.source_priority, g.source, g.stream, g.source_id
		) as before_at,
		g.source_priority
	from graded_act g
	where g.strong = ''
),
opened as (
	select
		s.source, s.stream, s.source_id, s.subject, s.class, s.link, s.occurred_at,
		case when s.before_at is null or date_diff('second', s.before_at, s.occurred_at) > 300
			then s.stream || ':' || s.source || ':' || s.source_id end as opener,
		sum(case when s.before_at is null or date_diff('second', s.before_at, s.occurred_at) > 300 then 1 else 0 end) over (
			partition by s.subject, s.class, s.link
			order by s.occurred_at, s.source_priority, s.source, s.stream, s.source_id
			rows unbounded preceding
		) as run
	from spaced s
),
run as (
	select
		o.subject, o.class, o.link, o.run,
		min(o.opener) as run_key, min(o.occurred_at) as from_at, max(o.occurred_at) as to_at,
		min(o.stream || ':' || o.source) as seen_by, max(o.stream || ':' || o.source) as seen_last
	from opened o
	group by o.subject, o.class, o.link, o.run
),
candidate as (
	select
		r.run_key, r.seen_by, g.strong,
		case
			when g.occurred_at < r.from_at then date_diff('second', g.occurred_at, r.from_at)
			when g.occurred_at > r.to_at then date_diff('second', r.to_at, g.occurred_at)
			else 0
		end as apart
	from run r
	join graded_act g on g.subject = r.subject and g.class = r.class
	where g.strong <> '' and r.seen_by = r.seen_last
		and g.occurred_at >= r.from_at - 300 * interval '1' second
		and g.occurred_at <= r.to_at + 300 * interval '1' second
		and (g.link = r.link or g.link = '' or r.link = '')
),
near as (
	select
		c.run_key, c.strong,
		row_number() over (partition by c.run_key order by c.apart, c.strong) as rank
	from candidate c
	left join (
		select distinct g.strong, g.stream || ':' || g.source as seen_by
		from graded_act g
		where g.strong <> ''
	) h on h.strong = c.strong and h.seen_by = c.seen_by
	where h.strong is null
)
select
	o.source, o.stream, o.source_id,
	coalesce(n.strong, r.run_key) as touch_id
from opened o
join run r on r.subject = o.subject and r.class = o.class and r.link = o.link and r.run = o.run
left join near n on n.run_key = r.run_key and n.rank = 1
union all
select g.source, g.stream, g.source_id, g.strong
from graded_act g
where g.strong <> ''
