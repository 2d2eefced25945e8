-- an act belongs to an account that does not exist
select count(*), coalesce(min(a.source || ' ' || a.source_id), '')
from act a
where a.account_id <> '' and a.account_id not in (select c.account_id from account c)
