-- One row per further participant of an activity.
create or replace view said.activity_person as
select coalesce(a.act_id, p.activity_id) as activity_id, coalesce(ce.id, ca.id) as contact_id, p.email, p.role
from main.activity_people p
left join main.act a on a.stream = 'activities' and a.source = p.source and a.source_id = p.activity_id
left join main.ref ce on ce.stream = 'contacts' and ce.source = p.source and ce.source_id = p.contact_id
left join main.ref_any ca on ca.stream = 'contacts' and ca.source_id = p.contact_id
where not p.deleted and coalesce(ce.id, ca.id, '') not in (select n.id from main.nameless n) and coalesce(p.email, '') not in (select n.id from main.nameless n)
