-- One row per person. The record that gave the person its id speaks first, then
-- the others by priority of their source; an opt-out anywhere is an opt-out.
create or replace table person as
with ordered as (
    select
        c.*,
        row_number() over (partition by c.person_id order by case when c.contact_id = c.person_id then 0 else 1 end, c.source_priority, c.contact_id) as place
    from contact c
    where c.person_id <> ''
)
select
    o.person_id,
    coalesce(min_by(o.account_id, o.place) filter (where o.account_id <> ''), '') as account_id,
    coalesce(min_by(o.name, o.place) filter (where o.name <> ''), '') as name,
    coalesce(min_by(o.email, o.place) filter (where o.email <> ''), '') as email,
    coalesce(min_by(o.phone, o.place) filter (where o.phone <> ''), '') as phone,
    coalesce(min_by(o.title, o.place) filter (where o.title <> ''), '') as title,
    coalesce(min_by(o.seniority, o.place) filter (where o.seniority <> ''), '') as seniority,
    coalesce(min_by(o.handle, o.place) filter (where o.handle <> ''), '') as handle,
    min(o.lead_created_at) as lead_created_at,
    max(case when o.opted_out then 1 else 0 end) = 1 as opted_out,
    coalesce(min_by(o.lawful_basis, o.place) filter (where o.lawful_basis <> ''), '') as lawful_basis
from ordered o
group by o.person_id
