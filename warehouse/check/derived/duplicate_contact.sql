-- a contact stands twice
select count(*), coalesce(min(x.contact_id), '')
from (select c.contact_id from contact c group by c.contact_id having count(*) > 1) x
