-- The account that a mail domain belongs to: by the account's own domain, else
-- by its contacts when all contacts with that domain are of one account.
create or replace temporary table account_domain as
with told as (
    select a.domain, min(a.account_id) as account_id
    from account a
    where a.domain <> ''
    group by a.domain
),
learned as (
    select c.domain, min(c.account_id) as account_id
    from contact_record c
    where c.account_id <> '' and c.domain is not null and not c.free and not c.internal
    group by c.domain
    having count(distinct c.account_id) = 1
)
select t.domain, t.account_id
from told t
union all
select l.domain, l.account_id
from learned l
where l.domain not in (select t.domain from told t)
