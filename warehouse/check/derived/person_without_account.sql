-- a person belongs to an account that does not exist
select count(*), coalesce(min(p.person_id), '')
from person p
where p.account_id <> '' and p.account_id not in (select a.account_id from account a)
