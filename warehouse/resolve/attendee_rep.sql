-- The rep of an activity whose record names none: the organiser or sender among
-- its people, else the first of them by address.
create or replace temporary table attendee_rep as
with rep_of as (
    select
        p.source, p.activity_id, r.rep_id,
        row_number() over (
            partition by p.source, p.activity_id
            order by case coalesce(p.role, '') when 'organiser' then 0 when 'from' then 1 when 'to' then 2 else 3 end, r.rep_id
        ) as place
    from activity_people p
    join address a on a.email = p.email
    join rep_address r on r.key = a.key
    where not p.deleted
)
select r.source, r.activity_id, r.rep_id
from rep_of r
where r.place = 1
