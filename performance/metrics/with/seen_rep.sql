-- The stays of reps in teams that the reader may see: one row a rep and stay. What
-- a rep did belongs to the team the rep was in then.
select m.rep_id, m.team_id, m.from_at, m.until_at, m.from_day, m.until_day
from membership m
where m.membership_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
