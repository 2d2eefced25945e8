-- title: Accounts that share a domain
-- why: They may be one company; people found by mail are given to the first.
select a.domain, a.account_id, a.name
from account a
where a.domain in (select x.domain from account x where x.domain <> '' group by x.domain having count(*) > 1)
order by a.domain, a.account_id
