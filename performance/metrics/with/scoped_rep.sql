-- The reps the reader may see, once in every group they belong to and for as long:
-- one row a group, rep and stay in a team, half-open. Reps who opted out are in no
-- statistic of reps.
-- with: seen_team, seen_rep
select distinct
    case $by when 'rep' then r.rep_id when 'team' then c.ancestor_team_id else '' end as key,
    r.rep_id, r.from_at as stay_from, r.until_at as stay_until
from seen_rep r
left join team_closure c on c.team_id = r.team_id and $by = 'team'
where r.rep_id not in (select o.id from opt_out o where o.kind = 'rep')
  and ($rep_id = '' or r.rep_id = $rep_id)
  and ($team_id = '' or r.team_id in (select k.team_id from team_closure k where k.ancestor_team_id = $team_id))
  and ($by <> 'team' or c.ancestor_team_id in (select s.team_id from seen_team s))
  and ($by <> 'team' or $team_id = '' or c.ancestor_team_id in (select k.team_id from team_closure k where k.ancestor_team_id = $team_id))
