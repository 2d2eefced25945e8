-- Who was in which team when, in whole days. Grain: one row a rep and stay.
select m.rep_id, m.team_id, m.from_day, m.until_day
from membership m
order by m.rep_id, m.from_day
