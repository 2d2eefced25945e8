-- title: Deals closed before they were created
-- why: One of the two dates is wrong; no touch can lie between them.
select d.deal_id, d.name, d.status, d.created_at, d.closed_at
from deal d
where d.closed_at < d.created_at
order by d.deal_id
