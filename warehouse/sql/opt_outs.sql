-- Who was opted out by an admin. Grain: one row a contact record or rep.
select o.kind, o.id, coalesce((select min(r.name) from reps r where o.kind = 'rep' and r.source_id = o.id), ''), o.opted_at, o.user_id
from opt_out o
order by o.opted_at desc, o.kind, o.id
