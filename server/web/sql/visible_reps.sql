-- The reps whom the reader may see, in the team of today or in one they left. Grain:
-- one row a rep.
select distinct m.rep_id
from membership m
where m.membership_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
order by m.rep_id
