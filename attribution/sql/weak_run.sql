-- Acts without a strong key, in runs: acts that follow each other within five
-- minutes with the same subject, class and link are one act, named after its
-- first record. seen_by is the stream and source of a run that only one saw.
-- Grain: one row an act.
create or replace temp table weak_run as
with crowd as (
	select g.subject, g.class, g.link, count(*) as acts, min(g.act_no) as act_no
	from graded_act g
	where g.strong = ''
	group by g.subject, g.class, g.link
),
spaced as (
	select
		g.act_no, c.act_no as crowd_no, g.occurred_at, g.stream, g.source, g.source_id, g.source_priority,
		lag(g.occurred_at) over (
			partition by c.act_no
			order by g.occurred_at, g.source_priority, g.source, g.stream, g.source_id
		) as before_at
	from crowd c
	join graded_act g on g.subject = c.subject and g.class = c.class and g.link = c.link
	where c.acts > 1 and g.strong = ''
),
opened as (
	select
		s.act_no, s.crowd_no, s.occurred_at, s.stream || ':' || s.source as seen_by,
		case when s.before_at is null or date_diff('second', s.before_at, s.occurred_at) > 300
			then s.stream || ':' || s.source || ':' || s.source_id end as opener,
		sum(case when s.before_at is null or date_diff('second', s.before_at, s.occurred_at) > 300 then 1 else 0 end) over (
			partition by s.crowd_no
			order by s.occurred_at, s.source_priority, s.source, s.stream, s.source_id
			rows unbounded preceding
		) as run
	from spaced s
),
run as (
	select
		o.crowd_no, o.run, min(o.opener) as run_key, min(o.occurred_at) as from_at, max(o.occurred_at) as to_at,
		case when min(o.seen_by) = max(o.seen_by) then min(o.seen_by) else '' end as seen_by
	from opened o
	group by o.crowd_no, o.run
)
select o.act_no, r.run_key, r.from_at, r.to_at, r.seen_by, g.subject, g.class, g.link
from opened o
join run r on r.crowd_no = o.crowd_no and r.run = o.run
join graded_act g on g.act_no = o.crowd_no
union all
select
	g.act_no, g.stream || ':' || g.source || ':' || g.source_id, g.occurred_at, g.occurred_at, g.stream || ':' || g.source,
	g.subject, g.class, g.link
from crowd c
join graded_act g on g.act_no = c.act_no
where c.acts = 1
