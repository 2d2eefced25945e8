-- One row per record that others refer to, with the public id of what it
-- describes. Records of different sources are one thing when they share an
-- exact key that is unique in the first source: a rep's e-mail, an account's
-- domain, a campaign's name, a post's address. Two records of one source are
-- never joined here: their owner knows best that they are two.
create or replace table ref as
with keyed as (
    select 'reps' as stream, source, source_id, lower(trim(email)) as key from reps where not deleted and email is not null
    union all
    select 'accounts' as stream, source, source_id, domain as key from record_domain
    union all
    select 'campaigns' as stream, source, source_id, lower(trim(name)) as key from campaigns where not deleted and name is not null
    union all
    select 'posts' as stream, source, source_id, lower(trim(url)) as key from posts where not deleted and url is not null
),
placed as (
    select
        p.stream, p.source, p.source_id, k.key, p.priority, p.place,
        row_number() over (partition by k.stream, k.key order by p.priority, p.source, p.source_id) as nth,
        min(p.priority) over (partition by k.stream, k.key) as first_priority
    from keyed k
    join ref_plain p on p.stream = k.stream and p.source = k.source and p.source_id = k.source_id
),
sole as (
    select p.stream, p.key, p.first_priority, count(*) as records
    from placed p
    where p.priority = p.first_priority
    group by p.stream, p.key, p.first_priority
),
same as (
    select p.stream, p.source, p.source_id, case when f.place = 1 then f.source_id else f.source || ':' || f.source_id end as id
    from placed p
    join sole s on s.stream = p.stream and s.key = p.key and s.records = 1
    join placed f on f.stream = p.stream and f.key = p.key and f.nth = 1
    where p.priority > p.first_priority
)
select
    p.stream, p.source, p.source_id, p.priority, p.place,
    coalesce(s.id, case when p.place = 1 then p.source_id else p.source || ':' || p.source_id end) as id
from ref_plain p
left join same s on s.stream = p.stream and s.source = p.source and s.source_id = p.source_id
