-- Why a contact record belongs to a person of several records: one row per
-- record and key it shares.
create or replace table person_merge as
select p.person_id, k.source, k.source_id, k.key_kind, k.key_value
from contact_key k
join contact_record c on c.source = k.source and c.source_id = k.source_id
join contact_person p on p.contact_id = c.contact_id
