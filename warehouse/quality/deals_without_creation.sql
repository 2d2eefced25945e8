-- title: Deals without a creation date
-- why: Their window has no beginning before the deal and their cycle no length.
select d.deal_id, d.name, d.status, d.owner_rep_id
from deal d
where d.created_at is null
order by d.deal_id
