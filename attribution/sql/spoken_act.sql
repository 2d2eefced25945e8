-- The record that speaks for each touch, its first by source priority, with how
-- many there are. Grain: one row a touch.
create or replace temp table spoken_act as
with counted as (
	select k.touch_id, count(*) as records, min(k.act_no) as act_no
	from keyed_act k
	group by k.touch_id
),
ranked as (
	select
		c.touch_id, c.records, k.act_no,
		row_number() over (
			partition by c.touch_id
			order by g.source_priority, g.occurred_at, g.source, g.stream, g.source_id
		) as rank
	from counted c
	join keyed_act k on k.touch_id = c.touch_id
	join graded_act g on g.act_no = k.act_no
	where c.records > 1
)
select c.touch_id, c.records, c.act_no
from counted c
where c.records = 1
union all
select r.touch_id, r.records, r.act_no
from ranked r
where r.rank = 1
