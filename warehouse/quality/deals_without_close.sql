-- title: Won or lost deals without a close date
-- why: They fall into no period.
select d.deal_id, d.name, d.status, d.owner_rep_id, d.amount_minor, d.currency
from deal d
where d.status <> 'open' and d.closed_at is null
order by d.deal_id
