-- The source rows every touch points at. Grain: one row an act.
create or replace table touch_source as
select k.touch_id, k.source, k.stream, k.source_id
from keyed_act k
join touch t on t.touch_id = k.touch_id
