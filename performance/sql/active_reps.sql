-- One row per rep of the team the reader may see who sells and was there in the
-- period, or is now: reps who manage a team and own no deal and have no quota are left out,
-- and so are those who opted out.
-- with: seen_rep
select r.rep_id, r.name
from rep r
where r.rep_id in (
      select s.rep_id
      from seen_rep s
      where s.until_day > cast($from_day as date)
        and ($team_id = '' or s.team_id in (select c.team_id from team_closure c where c.ancestor_team_id = $team_id))
  )
  and r.rep_id not in (select o.id from opt_out o where o.kind = 'rep')
  and (r.started_on is null or r.started_on < cast($to_day as date))
  and (r.ended_on is null or r.ended_on >= cast($from_day as date))
  and (
      r.rep_id in (select d.owner_rep_id from deal d)
      or r.rep_id in (select k.key from quota_day k where k.grain = 'rep')
      or r.rep_id not in (select t.manager_rep_id from team t)
  )
order by r.name, r.rep_id
