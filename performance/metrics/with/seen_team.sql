-- Teams of which the reader sees every rep, those of nested teams included, also as
-- reps who have left it were in it.
select c.ancestor_team_id as team_id
from team_closure c
left join membership m on m.team_id = c.team_id
left join visible_rep v on v.user_id = $user_id and v.rep_id = m.membership_id
group by c.ancestor_team_id
having sum(case when m.rep_id is not null and v.rep_id is null then 1 else 0 end) = 0
   and count(m.rep_id) > 0
