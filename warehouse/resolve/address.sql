-- One row per e-mail address as written anywhere: its key (lower case, without
-- plus-tag, Gmail without dots) and domain. Text without a name and a domain is
-- no address. own: a domain of ours; free: a domain that never makes an account.
create or replace temporary table address as
with seen as (
    select email from contacts where not deleted and email is not null
    union
    select email from reps where not deleted and email is not null
    union
    select email from activities where not deleted and email is not null
    union
    select email from activity_people where not deleted and email is not null
    union
    select email from engagements where not deleted and email is not null
    union
    select email from visits where not deleted and email is not null
    union
    select rep_id from activities where not deleted and rep_id like '%_@_%'
    union
    select author_rep_id from posts where not deleted and author_rep_id like '%_@_%'
),
cut as (
    select s.email, lower(trim(s.email)) as whole, strpos(trim(s.email), '@') as mark
    from seen s
),
part as (
    select
        c.email,
        split_part(substr(c.whole, 1, c.mark - 1), '+', 1) as name,
        case when substr(c.whole, c.mark + 1) = 'googlemail.com' then 'gmail.com' else substr(c.whole, c.mark + 1) end as domain
    from cut c
    where c.mark > 1 and strpos(substr(c.whole, c.mark + 1), '.') > 0
)
select
    p.email,
    case when p.domain = 'gmail.com' then replace(p.name, '.', '') else p.name end || '@' || p.domain as key,
    p.domain,
    o.domain is not null as own,
    f.domain is not null as free
from part p
left join own_domain o on o.domain = p.domain
left join free_mail f on f.domain = p.domain
where p.name <> ''
