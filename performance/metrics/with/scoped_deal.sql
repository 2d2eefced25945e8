-- The deals the reader may see, once in every group of the breakdown they
-- belong to. This is the only place where the metrics decide who sees which
-- deal. A team's group is shown only to readers who see the whole team, so that
-- no number of a part passes for the team's; a rep who opted out makes no group.
-- with: seen_team
select
    g.key, d.deal_id, d.status, d.pipeline, d.stage, d.owner_rep_id, d.probability,
    d.created_at, d.created_day, d.closed_at, d.closed_day, d.expected_close_on,
    g.share_minor as reporting_minor
from deal_group g
join deal d on d.deal_id = g.deal_id
where g.breakdown = $by
  and d.membership_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
  and ($by <> 'rep' or g.key not in (select o.id from opt_out o where o.kind = 'rep'))
  and ($rep_id = '' or d.owner_rep_id = $rep_id)
  and ($team_id = '' or d.team_id in (select c.team_id from team_closure c where c.ancestor_team_id = $team_id))
  and ($by <> 'team' or g.key = '' or g.key in (select s.team_id from seen_team s))
  and ($by <> 'team' or $team_id = '' or g.key in (select c.team_id from team_closure c where c.ancestor_team_id = $team_id))
