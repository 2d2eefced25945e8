-- One row per key that two or more contact records share. Exact keys only:
-- e-mail, phone, handle, and the same contact id with the same name in another
-- source. A phone that one source gives to people with different addresses or
-- names is a switchboard: it joins only records of one name.
create or replace temporary table contact_key as
with switchboard as (
    select c.phone_key
    from contact_record c
    where c.phone_key is not null and not c.internal
    group by c.source, c.phone_key
    having count(distinct c.email_key) > 1 or count(distinct lower(trim(c.name))) > 1
),
keyed as (
    select source, source_id, 'email' as key_kind, email_key as key_value from contact_record where email_key is not null and not internal
    union all
    select source, source_id, 'phone' as key_kind, phone_key as key_value
    from contact_record
    where phone_key is not null and not internal and phone_key not in (select s.phone_key from switchboard s)
    union all
    select source, source_id, 'phone and name' as key_kind, phone_key || ' ' || lower(trim(name)) as key_value
    from contact_record
    where name is not null and not internal and phone_key in (select s.phone_key from switchboard s)
    union all
    select source, source_id, 'handle' as key_kind, handle_key as key_value from contact_record where handle_key is not null and not internal
    union all
    select source, source_id, 'crm id' as key_kind, source_id || ' ' || lower(trim(name)) as key_value from contact_record where name is not null and not internal
),
shared as (
    select k.key_kind, k.key_value
    from keyed k
    group by k.key_kind, k.key_value
    having count(*) > 1
)
select k.source, k.source_id, k.key_kind, k.key_value
from keyed k
join shared s on s.key_kind = k.key_kind and s.key_value = k.key_value
