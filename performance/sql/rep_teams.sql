-- One row per rep the reader may see, with the last team in which the reader does.
-- with: known_rep
select k.rep_id, k.team_id, coalesce(t.name, '')
from known_rep k
left join team t on t.team_id = k.team_id
order by k.rep_id
