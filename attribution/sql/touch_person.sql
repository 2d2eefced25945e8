-- The people of a touch besides the one it is tied to. Grain: one row a touch and
-- further person.
create or replace table touch_person as
select distinct t.touch_no, a.person_id, coalesce(n.account_id, '') as account_id
from act_person a
join graded_act g on g.source = a.source and g.stream = a.stream and g.source_id = a.source_id
join keyed_act k on k.act_no = g.act_no
join touch t on t.touch_id = k.touch_id
left join person n on n.person_id = a.person_id
where a.person_id <> '' and a.person_id <> t.person_id
