-- One row per contact record of a source, and per address seen only in acts, of people
-- whose name may be shown.
create or replace view said.contact as
select
    x.contact_id, nullif(x.account_id, '') as account_id, nullif(x.person_id, '') as person_id, nullif(x.name, '') as name, nullif(x.email, '') as email, nullif(x.phone, '') as phone, nullif(x.title, '') as title, nullif(x.seniority, '') as seniority, nullif(x.handle, '') as handle, x.lead_created_at, x.opted_out, nullif(x.lawful_basis, '') as lawful_basis, x.source
from main.contact x
where x.contact_id not in (select n.id from main.nameless n)
