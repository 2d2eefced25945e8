-- The rows of sources that saw the touches a journey lists, the one a touch
-- speaks by first. Grain: one row a touch and source row.
with listed as (/*listed*/)
select s.touch_no, s.source, s.stream, s.source_id, s.kind, s.occurred_at
from listed l
join touch_source s on s.touch_no = l.touch_no
order by s.touch_no, s.source_priority, s.occurred_at, s.source, s.stream, s.source_id
