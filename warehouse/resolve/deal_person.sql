-- One row per deal and person with a role on it; the primary contact's role is
-- "primary".
create or replace table deal_person as
with role as (
    select d.deal_id, d.primary_person_id as person_id, 'primary' as role, 0 as place
    from deal d
    where d.primary_person_id <> ''
    union all
    select coalesce(de.id, da.id) as deal_id, c.person_id, coalesce(x.role, '') as role, 1 as place
    from deal_contacts x
    left join ref de on de.stream = 'deals' and de.source = x.source and de.source_id = x.deal_id
    left join ref_any da on da.stream = 'deals' and da.source_id = x.deal_id
    left join ref ce on ce.stream = 'contacts' and ce.source = x.source and ce.source_id = x.contact_id
    left join ref_any ca on ca.stream = 'contacts' and ca.source_id = x.contact_id
    join contact c on c.contact_id = coalesce(ce.id, ca.id)
    where not x.deleted and c.person_id <> '' and coalesce(de.id, da.id) is not null
),
placed as (
    select r.*, row_number() over (partition by r.deal_id, r.person_id order by r.place, r.role) as nth
    from role r
)
select p.deal_id, p.person_id, p.role
from placed p
where p.nth = 1
