-- One row per contact record, and one per address seen only in acts. person_id
-- is empty for our own people. An opt-out is said by the source or by an admin.
create or replace table contact as
select
    c.contact_id, c.source,
    case when c.internal then '' else coalesce(p.person_id, c.contact_id) end as person_id,
    case when c.account_id <> '' or c.internal or c.free then c.account_id else coalesce(d.account_id, '') end as account_id,
    coalesce(c.name, '') as name,
    coalesce(lower(trim(c.email)), '') as email,
    coalesce(c.phone_key, c.phone, '') as phone,
    coalesce(c.title, '') as title,
    coalesce(c.seniority, '') as seniority,
    coalesce(c.handle, '') as handle,
    c.lead_created_at,
    c.opted_out or c.contact_id in (select o.id from opt_out o where o.kind = 'contact') as opted_out,
    coalesce(c.lawful_basis, '') as lawful_basis,
    c.priority as source_priority
from contact_record c
left join contact_person p on p.contact_id = c.contact_id
left join account_domain d on d.domain = c.domain
union all
select
    s.key, s.source, s.key, s.account_id, '', s.key, '', '', '', '', cast(null as timestamp), s.key in (select o.id from opt_out o where o.kind = 'contact'), '',
    k.priority
from seen_address s
join source_rank k on k.source = s.source
