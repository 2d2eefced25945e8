-- title: Won deals without an amount
-- why: They have nothing to share and stand in no sum.
select d.deal_id, d.name, d.owner_rep_id, d.closed_at
from deal d
where d.status = 'won' and d.amount_minor is null
order by d.deal_id
