-- an act stands twice
select count(*), coalesce(min(x.thing), '')
from (select a.source || ' ' || a.stream || ' ' || a.source_id as thing from act a group by a.source, a.stream, a.source_id having count(*) > 1) x
