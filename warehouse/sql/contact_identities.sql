-- Every contact record with what says who it is.
select c.source, c.source_id, coalesce(c.email, ''), coalesce(c.phone, ''), coalesce(c.handle, ''), coalesce(c.name, '')
from contacts c
order by c.source, c.source_id
