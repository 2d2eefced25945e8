-- somebody took part in an act that does not exist, or does not exist
select count(*), coalesce(min(x.source || ' ' || x.source_id), '')
from act_person x
left join act a on a.source = x.source and a.stream = x.stream and a.source_id = x.source_id
where a.source_id is null or x.person_id <> '' and x.person_id not in (select p.person_id from person p)
