-- One row per key of the breakdown that the reader may see by name.
-- with: seen_rep
select r.rep_id as key, r.name
from rep r
where $by = 'rep'
  and r.rep_id in (select s.rep_id from seen_rep s)
union all
select t.team_id, t.name
from team t
where $by = 'team'
union all
select r.rep_id, r.name
from rep r
where $by = 'manager' and r.rep_id in (select t.manager_rep_id from team t)
union all
select p.product_id, p.name
from product p
where $by = 'product'
