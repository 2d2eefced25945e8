-- The record that speaks for each touch that anybody is behind, numbered as every
-- journey is ordered: time, source priority, touch id. Only narrow rows are
-- sorted, because a sort carries every column along. Grain: one row a touch.
create or replace temp table spoken_act as
with speaker as (
	select c.touch_id, c.records, g.act_no, g.occurred_at, g.source_priority
	from counted_act c
	join graded_act g on g.act_no = c.act_no
	where c.records = 1 and (g.person_id <> '' or g.account_id <> '' or g.deal_id <> '')
	union all
	select s.touch_id, s.records, g.act_no, g.occurred_at, g.source_priority
	from shared_act s
	join graded_act g on g.act_no = s.act_no
	join merged_act m on m.speaker = s.act_no
	where s.rank = 1 and (m.person_id is not null or m.account_id is not null or m.deal_id is not null)
)
select
	s.touch_id, s.records, s.act_no,
	row_number() over (order by s.occurred_at, s.source_priority, s.touch_id) as touch_no
from speaker s
