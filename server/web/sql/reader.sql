-- One row: the rep that the user was said to be, or else who has the user's
-- e-mail (the first by id when several have it), with their team, and whether the user sees deals that nobody owns, which
-- among managers only the root team's do. Empty text when the user is no rep.
select
    coalesce(min_by(r.rep_id, r.rep_id), '') as rep_id,
    coalesce(min_by(r.team_id, r.rep_id), '') as team_id,
    coalesce(min_by(t.name, r.rep_id), '') as team_name,
    (select count(*) > 0 from visible_rep v where v.user_id = $user_id and v.rep_id = '') as root
from rep r
left join team t on t.team_id = r.team_id
where case when $rep_id <> '' then r.rep_id = $rep_id else lower(r.email) = $email end
