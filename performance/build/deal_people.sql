-- deal_people: one row per deal with a journey: how many different people have
-- an eligible touch in it. People who opted out are in no statistic.
create or replace table deal_people as
select j.deal_id, cast(count(distinct t.person_id) as bigint) as people_n
from journey j
join touch t on t.touch_id = j.touch_id
where t.person_id <> ''
    and t.person_id not in (select p.person_id from person p where p.opted_out)
group by j.deal_id
