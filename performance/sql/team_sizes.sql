-- One row per team the reader sees entirely: how many of today's reps it and the
-- teams below it had in the period. Who has left is not counted: a group that is
-- large only with them is a small one.
-- with: seen_team
select c.ancestor_team_id, cast(count(distinct r.rep_id) as bigint) as reps_n
from team_closure c
join seen_team s on s.team_id = c.ancestor_team_id
join membership m on m.team_id = c.team_id and m.from_day < cast($to_day as date)
join rep r on r.rep_id = m.membership_id
where (r.started_on is null or r.started_on < cast($to_day as date))
  and (r.ended_on is null or r.ended_on >= cast($from_day as date))
group by c.ancestor_team_id
order by c.ancestor_team_id
