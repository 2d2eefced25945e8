-- What pages, exports and query never show: the ids and addresses of people who
-- opted out and of those who stand in for somebody forgotten (their ids begin
-- with ~). One row an id of a person or contact, or an address as written.
create or replace table nameless as
with who as (
    select p.person_id
    from person p
    where p.opted_out or p.person_id like '~%'
)
select w.person_id as id
from who w
union
select '~past' as id
union
select c.contact_id
from contact c
join who w on w.person_id = c.person_id
union
select a.email
from address a
join person_key k on k.kind = 'email' and k.key = a.key
join who w on w.person_id = k.person_id
