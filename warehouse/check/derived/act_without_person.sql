-- an act belongs to a person who does not exist
select count(*), coalesce(min(a.source || ' ' || a.source_id), '')
from act a
where a.person_id <> '' and a.person_id not in (select p.person_id from person p)
