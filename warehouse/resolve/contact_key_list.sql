-- The shared keys with the contacts that have them, equal keys together.
select k.key_kind, k.key_value, c.contact_id
from contact_key k
join contact_record c on c.source = k.source and c.source_id = k.source_id
order by k.key_kind, k.key_value, c.contact_id
