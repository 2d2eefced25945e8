-- Teams and what they are part of.
select t.team_id, t.parent_team_id
from team t
order by t.team_id
