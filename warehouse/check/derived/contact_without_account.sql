-- a contact belongs to an account that does not exist
select count(*), coalesce(min(c.contact_id), '')
from contact c
where c.account_id <> '' and c.account_id not in (select a.account_id from account a)
