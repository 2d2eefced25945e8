-- Mail domains that say nothing about one person: those of accounts as their
-- sources write them, and those of two contacts or more.
select lower(trim(a.domain))
from accounts a
where a.domain is not null
union
select lower(split_part(trim(c.email), '@', 2))
from contacts c
where c.email is not null
group by 1
having count(distinct lower(trim(c.email))) > 1
order by 1
