-- What each contact record says of consent.
select c.source, c.source_id, coalesce(c.lawful_basis, ''), coalesce(c.opted_out, false)
from contacts c
order by c.source, c.source_id
