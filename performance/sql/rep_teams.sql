-- One row per rep the reader may see, with the rep's team.
select r.rep_id, r.team_id, coalesce(t.name, '')
from rep r
left join team t on t.team_id = r.team_id
where r.rep_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
order by r.rep_id
