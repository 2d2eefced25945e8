-- response: one row per time a person outside wrote and waited: the first of
-- their messages since the rep's last one. seconds is null when no answer came
-- within 30 days. People who opted out are in no statistic.
create or replace table response as
with message as (
    select
        t.rep_id, t.person_id, t.occurred_at, t.touch_id,
        case when t.direction = 'inbound' then 1 else 0 end as asks
    from touch t
    where t.kind in ('email', 'chat')
      and t.direction in ('inbound', 'outbound')
      and t.rep_id <> '' and t.person_id <> ''
      and t.reason not in ('auto reply', 'bounce', 'bot')
      and t.person_id not in (select p.person_id from person p where p.opted_out)
),
placed as (
    select
        m.rep_id, m.person_id, m.occurred_at, m.asks,
        lag(m.asks) over (partition by m.rep_id, m.person_id order by m.occurred_at, m.touch_id) as before,
        min(case when m.asks = 0 then m.occurred_at end) over (
            partition by m.rep_id, m.person_id order by m.occurred_at, m.touch_id
            rows between 1 following and unbounded following) as answered_at
    from message m
)
select
    cast(p.rep_id as varchar) as rep_id,
    cast(p.person_id as varchar) as person_id,
    cast(p.occurred_at as timestamp) as asked_at,
    cast(case when date_diff('second', p.occurred_at, p.answered_at) <= 2592000
        then date_diff('second', p.occurred_at, p.answered_at) end as bigint) as seconds
from placed p
where p.asks = 1 and (p.before is null or p.before = 0)
