-- The source rows every touch points at, with what a journey says of them, so that
-- a deal's page needs no look at all acts. Grain: one row an act.
create or replace table touch_source as
select t.touch_id, g.source, g.stream, g.source_id, t.touch_no, g.kind, g.occurred_at, g.source_priority
from keyed_act k
join graded_act g on g.act_no = k.act_no
join touch t on t.touch_id = k.touch_id
