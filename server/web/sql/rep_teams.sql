-- Every team that anybody is or was in, and how many reps it has today. Grain: one
-- row a team.
select m.team_id, count(distinct case when m.membership_id = m.rep_id then m.rep_id end) as reps
from membership m
group by m.team_id
order by m.team_id
