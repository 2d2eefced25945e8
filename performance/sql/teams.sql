-- One row per team of which the reader sees every rep, the outer ones first.
-- with: seen_team
select t.team_id, t.name, t.parent_team_id, t.manager_rep_id
from team t
join seen_team s on s.team_id = t.team_id
order by (select max(c.depth) from team_closure c where c.team_id = t.team_id), t.name, t.team_id
