-- Whom each visitor turned out to be. Grain: one row a visitor and person.
select distinct a.visitor_id, a.person_id
from act a
where a.visitor_id <> '' and a.person_id <> ''
order by 1, 2
