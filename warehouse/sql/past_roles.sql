-- The stand-in has the person's roles on deals, but is nobody's primary contact.
insert into deal_contacts (source, source_id, deal_id, contact_id, role, synced_at, deleted)
select $source, r.source_id || '|' || $id, r.source_id, $id, 'past', cast($at as timestamp), false
from (
    select distinct f.source_id
    from deal_person p
    join ref f on f.stream = 'deals' and f.id = p.deal_id
    where p.person_id = $person_id
) r
