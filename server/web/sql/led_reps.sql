-- The reps of the teams that the rep with this e-mail manages, and of the teams
-- below them. Grain: one row a rep.
select distinct r.rep_id
from rep r
join team_closure c on c.team_id = r.team_id
join team t on t.team_id = c.ancestor_team_id
join rep m on m.rep_id = t.manager_rep_id
where lower(m.email) = $email
order by r.rep_id
