-- The team of every rep and how many reps it has. Grain: one row a rep.
select r.rep_id, r.team_id, coalesce(t.name, ''), count(*) over (partition by r.team_id) as reps
from rep r
left join team t on t.team_id = r.team_id
order by r.rep_id
