-- The key of the touch each act is a record of. Grain: one row an act.
--
-- Acts with a strong key share it. The others are one act when they follow each
-- other within five minutes with the same subject, class and link; such a run
-- joins the nearest act with a strong key of the same subject and class within
-- five minutes, when another stream or source saw that one and the links agree
-- or one of them is not known. Ties go to the smaller key.
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
		min(o.stream || ':' || o.source) as seen_first, max(o.stream || ':' || o.source) as seen_last
	from opened o
	group by o.subject, o.class, o.link, o.run
),
near as (
	select
		r.subject, r.class, r.link, r.run, g.strong,
		row_number() over (
			partition by r.subject, r.class, r.link, r.run
			order by abs(date_diff('second', r.from_at, g.occurred_at)), g.strong, g.source, g.stream, g.source_id
		) as rank
	from run r
	join graded_act g on g.subject = r.subject and g.class = r.class and g.strong <> ''
		and g.occurred_at >= r.from_at - 300 * interval '1' second
		and g.occurred_at <= r.to_at + 300 * interval '1' second
		and (g.link = r.link or g.link = '' or r.link = '')
		and g.stream || ':' || g.source not in (r.seen_first, r.seen_last)
)
select
	o.source, o.stream, o.source_id,
	coalesce(n.strong, r.run_key) as touch_id
from opened o
join run r on r.subject = o.subject and r.class = o.class and r.link = o.link and r.run = o.run
left join near n on n.subject = r.subject and n.class = r.class and n.link = r.link and n.run = r.run and n.rank = 1
union all
select g.source, g.stream, g.source_id, g.strong
from graded_act g
where g.strong <> ''
