-- One row per activity and person who took part, its main person included.
create or replace table act_person as
select a.source, a.stream, a.source_id, a.person_id
from act a
where a.stream = 'activities' and a.person_id <> ''
union
select t.source, 'activities' as stream, t.activity_id as source_id, t.person_id
from attendee t
