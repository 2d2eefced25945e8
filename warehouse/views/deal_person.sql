-- One row per deal and person with a role on it.
create or replace view said.deal_person as
select
    x.deal_id, x.person_id, nullif(x.role, '') as role
from main.deal_person x
where x.person_id not in (select n.id from main.nameless n)
