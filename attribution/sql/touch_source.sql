-- The source rows every touch points at. Grain: one row an act.
create or replace table touch_source as
select t.touch_id, g.source, g.stream, g.source_id, t.touch_no
from keyed_act k
join graded_act g on g.act_no = k.act_no
join touch t on t.touch_id = k.touch_id
