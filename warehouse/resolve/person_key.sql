-- The person behind an address or a handle; one row per kind and key.
create or replace temporary table person_key as
select 'email' as kind, c.email_key as key, min(p.person_id) as person_id
from contact_record c
join contact p on p.contact_id = c.contact_id
where c.email_key is not null and p.person_id <> ''
group by c.email_key
union all
select 'handle' as kind, c.handle_key as key, min(p.person_id) as person_id
from contact_record c
join contact p on p.contact_id = c.contact_id
where c.handle_key is not null and p.person_id <> ''
group by c.handle_key
union all
select 'email' as kind, s.key, s.key as person_id
from seen_address s
