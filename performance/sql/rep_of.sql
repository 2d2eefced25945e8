-- The rep with the e-mail address of a user, when the reader may see them; of
-- several the one with the smallest id.
-- with: known_rep
select r.rep_id, r.name, coalesce(r.title, ''), coalesce(r.email, ''), k.team_id, coalesce(t.name, '')
from rep r
join known_rep k on k.rep_id = r.rep_id
left join team t on t.team_id = k.team_id
where lower(r.email) = lower($email)
order by r.rep_id
limit 1
