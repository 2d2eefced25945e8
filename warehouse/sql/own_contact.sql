-- Whether a contact record is one of our own people, who are no persons.
select count(*)
from ref r
join contact c on c.contact_id = r.id
where r.stream = 'contacts' and r.source_id = $id and (r.source = $source or r.place = 1) and c.person_id = ''
