-- Takes a person out of every closed quarter: the touches and the money stay.
update reported_person
set person_id = null, records = null
where person_id = $person_id
