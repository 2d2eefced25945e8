-- Everybody who has a touch, with a fingerprint of the contacts behind them.
-- Grain: one row a person.
insert into reported_person (closing, person_no, person_id, records)
select cast($closing as bigint), row_number() over (order by x.person_id), x.person_id, x.records
from (
	select c.person_id, ids_key(c.contact_id) as records
	from contact c
	where c.person_id in (select t.person_id from touch t where t.person_id <> '')
	group by c.person_id
) x
