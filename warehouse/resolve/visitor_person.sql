-- When an anonymous visitor was whom: a visit belongs to the person who next
-- identifies on the same device, or, after the last time, to the last one.
-- Half-open from the far side: at > from_at and at <= to_at.
create or replace temporary table visitor_person as
with known as (
    select v.visitor_id, v.occurred_at, coalesce(cv.person_id, pe.person_id) as person_id
    from visits v
    left join address a on a.email = v.email
    left join person_key pe on pe.kind = 'email' and pe.key = a.key
    left join ref ce on ce.stream = 'contacts' and ce.source = v.source and ce.source_id = v.contact_id
    left join ref_any ca on ca.stream = 'contacts' and ca.source_id = v.contact_id
    left join contact cv on cv.contact_id = coalesce(ce.id, ca.id)
    where not v.deleted and v.visitor_id is not null and (v.contact_id is not null or v.email is not null)
    union all
    select e.visitor_id, e.occurred_at, coalesce(cv.person_id, pe.person_id, ph.person_id) as person_id
    from engagements e
    left join address a on a.email = e.email
    left join person_key pe on pe.kind = 'email' and pe.key = a.key
    left join person_key ph on ph.kind = 'handle' and ph.key = replace(lower(trim(e.handle)), '@', '')
    left join ref ce on ce.stream = 'contacts' and ce.source = e.source and ce.source_id = e.contact_id
    left join ref_any ca on ca.stream = 'contacts' and ca.source_id = e.contact_id
    left join contact cv on cv.contact_id = coalesce(ce.id, ca.id)
    where not e.deleted and e.visitor_id is not null and (e.contact_id is not null or e.email is not null or e.handle is not null)
),
event as (
    select k.visitor_id, k.occurred_at, min(k.person_id) as person_id
    from known k
    where k.person_id <> ''
    group by k.visitor_id, k.occurred_at
),
turned as (
    select
        e.visitor_id, e.occurred_at, e.person_id,
        lead(e.person_id) over (partition by e.visitor_id order by e.occurred_at) as next_person
    from event e
),
last_of_run as (
    select t.visitor_id, t.occurred_at, t.person_id, t.next_person
    from turned t
    where t.next_person is null or t.next_person <> t.person_id
)
select
    l.visitor_id, l.person_id,
    coalesce(lag(l.occurred_at) over (partition by l.visitor_id order by l.occurred_at), timestamp '0001-01-01 00:00:00') as from_at,
    case when l.next_person is null then timestamp '9999-12-31 00:00:00' else l.occurred_at end as to_at
from last_of_run l
