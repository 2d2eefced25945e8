-- a person stands twice
select count(*), coalesce(min(x.person_id), '')
from (select p.person_id from person p group by p.person_id having count(*) > 1) x
