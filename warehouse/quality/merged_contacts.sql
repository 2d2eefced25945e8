-- title: Contacts joined into one person
-- why: They share an exact key; each row says which.
select m.person_id, p.name, m.source, m.source_id, m.key_kind, m.key_value
from person_merge m
left join person p on p.person_id = m.person_id
order by m.person_id, m.source, m.source_id, m.key_kind, m.key_value
