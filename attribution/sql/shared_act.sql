-- The records of touches that have more than one, the one that speaks for the
-- act first: by source priority, then time. Grain: one row an act.
create or replace temp table shared_act as
select
	c.touch_id, c.records, k.act_no,
	row_number() over (
		partition by c.touch_id
		order by g.source_priority, g.occurred_at, g.source, g.stream, g.source_id
	) as rank
from counted_act c
join keyed_act k on k.touch_id = c.touch_id
join graded_act g on g.act_no = k.act_no
where c.records > 1
