-- One row per record that others refer to, with the public id of what it
-- describes. Records of different sources are one thing when they share an
-- exact key that is unique in the first source: a rep's e-mail, an account's
-- domain, a campaign's name, a post's address. Two records of one source are two
-- things, since their owner keeps them apart, but for an account that names
-- another of the same domain as its parent: that one was merged into it.
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
    union
    select 'accounts' as stream, o.source, o.source_id, case when n.place = 1 then n.source_id else n.source || ':' || n.source_id end as id
    from accounts o
    join record_domain od on od.source = o.source and od.source_id = o.source_id
    join record_domain nd on nd.source = o.source and nd.source_id = o.parent_account_id and nd.domain = od.domain
    join accounts a on a.source = nd.source and a.source_id = nd.source_id
    join ref_plain n on n.stream = 'accounts' and n.source = nd.source and n.source_id = nd.source_id
    where not o.deleted and o.source_id <> o.parent_account_id
      and (a.parent_account_id is null or a.parent_account_id not in (select d.source_id from record_domain d where d.source = a.source and d.domain = nd.domain))
),
one as (
    select s.stream, s.source, s.source_id, min(s.id) as id
    from same s
    group by s.stream, s.source, s.source_id
)
select
    p.stream, p.source, p.source_id, p.priority, p.place,
    coalesce(s.id, case when p.place = 1 then p.source_id else p.source || ':' || p.source_id end) as id
from ref_plain p
left join one s on s.stream = p.stream and s.source = p.source and s.source_id = p.source_id
