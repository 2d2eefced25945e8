-- The acts whose person is to be dropped: those of touches whose last record is
-- before the limit, and those of no touch before it. Grain: one row an act.
create or replace temporary table past_act as
with old as (
    select s.touch_id
    from touch_source s
    join act a on a.source = s.source and a.stream = s.stream and a.source_id = s.source_id
    group by s.touch_id
    having max(a.occurred_at) < cast($before as timestamp)
)
select s.stream, s.source, s.source_id, a.person_id
from old o
join touch_source s on s.touch_id = o.touch_id
join act a on a.source = s.source and a.stream = s.stream and a.source_id = s.source_id
union
select a.stream, a.source, a.source_id, a.person_id
from act a
where a.occurred_at < cast($before as timestamp)
    and not exists (select 1 from touch_source s where s.source = a.source and s.stream = a.stream and s.source_id = a.source_id)
