-- The rows of sources that saw the touches a journey lists, the one a touch
-- speaks by first. Grain: one row a touch and source row.
with listed as (/*listed*/)
select s.touch_no, s.source, s.stream, s.source_id, a.kind, a.occurred_at
from listed l
join touch_source s on s.touch_no = l.touch_no
join act a on a.source = s.source and a.stream = s.stream and a.source_id = s.source_id
order by s.touch_no, a.priority, a.occurred_at, s.source, s.stream, s.source_id
