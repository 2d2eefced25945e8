-- The reps the reader may see, with the last team in which the reader sees them: one
-- row a rep.
-- with: seen_rep
select s.rep_id, max_by(s.team_id, s.until_at) as team_id
from seen_rep s
group by s.rep_id
