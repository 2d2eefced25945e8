-- title: Contacts without an account
-- why: Nothing they do can reach a deal.
select c.contact_id, c.name, c.email, c.source
from contact c
where c.account_id = '' and c.person_id <> ''
order by c.contact_id
