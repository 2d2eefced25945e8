-- One row per rep, by name.
select r.rep_id, coalesce(r.name, r.rep_id), coalesce(r.email, '')
from rep r
order by 2, r.rep_id
