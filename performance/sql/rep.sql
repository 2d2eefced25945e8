-- The rep called $id, when the reader may see them, with the last team in which the
-- reader does.
-- with: known_rep
select r.rep_id, r.name, coalesce(r.title, ''), coalesce(r.email, ''), k.team_id, coalesce(t.name, '')
from rep r
join known_rep k on k.rep_id = r.rep_id
left join team t on t.team_id = k.team_id
where r.rep_id = $id
