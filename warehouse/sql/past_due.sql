-- How many old acts still name somebody who is not our own.
select
    (select count(*) from past_act p where p.person_id <> '' and p.person_id not like '~%')
    + (select count(*) from past_act p join act_person x on x.stream = p.stream and x.source = p.source and x.source_id = p.source_id where x.person_id <> '' and x.person_id not like '~%')
    + (select count(*) from past_act p join activities t on p.stream = 'activities' and t.source = p.source and t.source_id = p.source_id
        where p.person_id = '' and t.email is not null and t.direction is distinct from 'internal' and t.email not like '~%' and lower(trim(t.email)) not in (select lower(trim(r.email)) from reps r where r.email is not null))
