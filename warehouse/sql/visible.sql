-- Which user sees the deals of which owner. Grain: one row a user and owner.
select v.user_id, v.rep_id
from visible_rep v
order by v.user_id, v.rep_id
