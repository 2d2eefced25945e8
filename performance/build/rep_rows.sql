-- One row per rep.
select r.rep_id, r.team_id
from rep r
order by r.rep_id
