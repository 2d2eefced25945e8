-- an act belongs to a deal that does not exist
select count(*), coalesce(min(a.source || ' ' || a.source_id), '')
from act a
where a.deal_id <> '' and a.deal_id not in (select d.deal_id from deal d)
