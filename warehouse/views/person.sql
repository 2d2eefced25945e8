-- One row per person whose name may be shown.
create or replace view said.person as
select
    x.person_id, nullif(x.account_id, '') as account_id, nullif(x.name, '') as name, nullif(x.email, '') as email, nullif(x.phone, '') as phone, nullif(x.title, '') as title, nullif(x.seniority, '') as seniority, nullif(x.handle, '') as handle, x.lead_created_at, x.opted_out, nullif(x.lawful_basis, '') as lawful_basis
from main.person x
where x.person_id not in (select n.id from main.nameless n)
