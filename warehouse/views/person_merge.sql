-- Why a contact record belongs to a person of several records.
create or replace view said.person_merge as
select
    x.person_id, x.source, x.source_id, x.key_kind, x.key_value
from main.person_merge x
where x.person_id not in (select n.id from main.nameless n)
