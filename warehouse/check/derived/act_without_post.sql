-- an act belongs to a post that does not exist
select count(*), coalesce(min(a.source || ' ' || a.source_id), '')
from act a
where a.post_id <> '' and a.post_id not in (select p.post_id from post p)
