-- The reps whose deals the reader may see. Grain: one row a rep.
select v.rep_id
from visible_rep v
where v.user_id = $user_id and v.rep_id <> ''
order by v.rep_id
