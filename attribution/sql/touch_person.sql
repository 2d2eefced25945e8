-- The people of a touch besides the one it is tied to. Grain: one row a touch and
-- further person.
create or replace table touch_person as
select distinct t.touch_no, a.person_id, coalesce(n.account_id, '') as account_id
from act_person a
join touch_source s on s.source = a.source and s.stream = a.stream and s.source_id = a.source_id
join touch t on t.touch_no = s.touch_no
left join person n on n.person_id = a.person_id
where a.person_id <> '' and a.person_id <> t.person_id
