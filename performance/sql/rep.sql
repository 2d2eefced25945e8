-- The rep called $id, when the reader may see them.
select r.rep_id, r.name, coalesce(r.title, ''), coalesce(r.email, ''), r.team_id, coalesce(t.name, '')
from rep r
left join team t on t.team_id = r.team_id
where r.rep_id = $id
  and r.rep_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
