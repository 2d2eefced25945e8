-- One row per activity and known person who took part besides its main contact.
create or replace temporary table attendee as
select
    p.source, p.activity_id, coalesce(c.person_id, k.person_id) as person_id,
    min(case coalesce(p.role, '') when 'from' then 0 when 'organiser' then 1 when 'to' then 2 when 'attendee' then 3 when 'cc' then 4 else 5 end) as place
from activity_people p
left join ref ce on ce.stream = 'contacts' and ce.source = p.source and ce.source_id = p.contact_id
left join ref_any ca on ca.stream = 'contacts' and ca.source_id = p.contact_id
left join contact c on c.contact_id = coalesce(ce.id, ca.id)
left join address a on a.email = p.email
left join person_key k on k.kind = 'email' and k.key = a.key
where not p.deleted and coalesce(c.person_id, k.person_id, '') <> ''
group by p.source, p.activity_id, coalesce(c.person_id, k.person_id)
