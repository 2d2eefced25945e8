-- a contact belongs to a person that does not exist
select count(*), coalesce(min(c.contact_id), '')
from contact c
where c.person_id <> '' and c.person_id not in (select p.person_id from person p)
