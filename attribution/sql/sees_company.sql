-- Whether a user sees the whole company: every deal, also those without owner.
-- Grain: one row.
select count(*)
from visible_rep v
where v.user_id = $user_id and v.rep_id = ''
