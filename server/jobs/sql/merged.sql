-- One row: how many people stand in several records, and how many records those
-- are.
select count(distinct m.person_id), count(distinct m.source || ' ' || m.source_id)
from person_merge m
