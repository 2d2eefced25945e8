-- The contacts that share a key, in the order in which they may name a person:
-- by source priority, then by id. (A contact that shares none is its own person.)
select c.contact_id
from contact_record c
where (c.source, c.source_id) in (select k.source, k.source_id from contact_key k)
order by c.priority, c.source, c.contact_id
