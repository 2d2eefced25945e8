-- a role on a deal belongs to a person who does not exist
select count(*), coalesce(min(x.deal_id), '')
from deal_person x
where x.person_id not in (select p.person_id from person p)
