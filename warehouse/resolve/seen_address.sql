-- Addresses that no contact record has, seen in mail, chat, on the web or at an
-- event, whose domain belongs to an account: they are its people too. One row
-- per address key, of the first source that saw it.
create or replace temporary table seen_address as
with seen as (
    select distinct source, email from activities where not deleted and email is not null
    union
    select distinct source, email from activity_people where not deleted and email is not null
    union
    select distinct source, email from engagements where not deleted and email is not null
    union
    select distinct source, email from visits where not deleted and email is not null
),
ranked as (
    select
        a.key, d.account_id, s.source,
        row_number() over (partition by a.key order by k.priority, s.source, s.email) as place
    from seen s
    join address a on a.email = s.email
    join account_domain d on d.domain = a.domain
    join source_rank k on k.source = s.source
    where not a.own and not a.free
      and a.key not in (select c.email_key from contact_record c where c.email_key is not null)
      and a.key not in (select c.contact_id from contact_record c)
      and a.key not in (select ra.key from rep_address ra)
)
select r.key, r.account_id, r.source
from ranked r
where r.place = 1
