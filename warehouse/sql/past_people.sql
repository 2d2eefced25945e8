-- Everybody whom an old act is tied to.
select distinct p.person_id
from past_act p
where p.person_id <> '' and p.person_id not like '~%'
order by 1
