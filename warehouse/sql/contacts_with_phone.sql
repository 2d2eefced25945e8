-- The contact records that have a phone number.
select c.source, c.source_id, coalesce(c.email, ''), c.phone, coalesce(c.handle, ''), coalesce(c.name, '')
from contacts c
where c.phone is not null
order by c.source, c.source_id
