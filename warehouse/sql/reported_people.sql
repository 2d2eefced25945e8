-- Everybody whom a closed quarter still names.
select distinct p.person_id
from reported_person p
where p.person_id is not null
order by 1
