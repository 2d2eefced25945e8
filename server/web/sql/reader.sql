-- One row: the rep that the user was said to be, or else who has the user's
-- e-mail (the first by id when several have it), with their team, and whether one
-- of those reps leads the one team above all others. Empty text when the user is
-- no rep.
with own as (
    select r.rep_id, r.team_id
    from rep r
    where case when $rep_id <> '' then r.rep_id = $rep_id else lower(r.email) = $email end
),
root as (
    select min(t.team_id) as team_id
    from team t
    where t.parent_team_id = ''
    having count(*) = 1
)
select
    coalesce(min_by(o.rep_id, o.rep_id), '') as rep_id,
    coalesce(min_by(o.team_id, o.rep_id), '') as team_id,
    coalesce(min_by(t.name, o.rep_id), '') as team_name,
    (select count(*) > 0 from team l join root x on x.team_id = l.team_id join own m on m.rep_id = l.manager_rep_id) as root
from own o
left join team t on t.team_id = o.team_id
