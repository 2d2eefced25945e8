-- outreach: one row per e-mail a rep sent to a person outside. answered is 1 when
-- the next message of that person to the rep came within 14 days. People who
-- opted out are in no statistic.
create or replace table outreach as
with message as (
    select
        t.rep_id, t.person_id, t.occurred_at, t.touch_id, t.kind,
        case when t.direction = 'inbound' then 1 else 0 end as answers
    from touch t
    where t.kind in ('email', 'chat')
      and t.direction in ('inbound', 'outbound')
      and t.rep_id <> '' and t.person_id <> ''
      and t.reason not in ('auto reply', 'bounce', 'bot')
      and t.person_id not in (select p.person_id from person p where p.opted_out)
),
placed as (
    select
        m.rep_id, m.person_id, m.occurred_at, m.kind, m.answers,
        min(case when m.answers = 1 then m.occurred_at end) over (
            partition by m.rep_id, m.person_id order by m.occurred_at, m.touch_id
            rows between 1 following and unbounded following) as answered_at
    from message m
)
select
    cast(p.rep_id as varchar) as rep_id,
    cast(p.person_id as varchar) as person_id,
    cast(p.occurred_at as timestamp) as sent_at,
    cast(case when date_diff('second', p.occurred_at, p.answered_at) <= 1209600 then 1 else 0 end as bigint) as answered
from placed p
where p.answers = 0 and p.kind = 'email'
