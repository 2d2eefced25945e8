-- The source rows every touch points at. Grain: one row an act.
create or replace table touch_source as
select k.touch_id, g.source, g.stream, g.source_id
from keyed_act k
join graded_act g on g.act_no = k.act_no
where exists (select 1 from touch t where t.touch_id = k.touch_id)
