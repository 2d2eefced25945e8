-- an act belongs to a rep who does not exist
select count(*), coalesce(min(a.source || ' ' || a.source_id), '')
from act a
where a.rep_id <> '' and a.rep_id not in (select r.rep_id from rep r)
