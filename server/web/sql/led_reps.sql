-- The reps who are today in the teams that the user manages or in teams below them: the
-- user is the rep with $rep_id, or else every rep with the e-mail. Grain: one row
-- a rep.
select distinct r.rep_id
from rep r
join team_closure c on c.team_id = r.team_id
join team t on t.team_id = c.ancestor_team_id
join rep m on m.rep_id = t.manager_rep_id
where case when $rep_id <> '' then m.rep_id = $rep_id else lower(m.email) = $email end
order by r.rep_id
