-- The periods that quotas name.
select distinct q.period
from quotas q
where not q.deleted and q.period is not null
order by 1
