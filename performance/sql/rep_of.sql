-- The rep with the e-mail address of a user, when the reader may see them; of
-- several the one with the smallest id.
select r.rep_id, r.name, coalesce(r.title, ''), coalesce(r.email, ''), r.team_id, coalesce(t.name, '')
from rep r
left join team t on t.team_id = r.team_id
where lower(r.email) = lower($email)
  and r.rep_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
order by r.rep_id
limit 1
