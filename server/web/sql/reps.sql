-- The reps whose deals the reader may see, one row a rep by id: the one called
-- $rep_id, or all after $after.
select r.rep_id, coalesce(r.name, '') as name, coalesce(r.title, '') as title, coalesce(r.team_id, '') as team_id,
    coalesce(t.name, '') as team, coalesce(r.region, '') as region
from rep r
left join team t on t.team_id = r.team_id
where r.rep_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
    and ($rep_id = '' or r.rep_id = $rep_id)
    and r.rep_id > $after
order by r.rep_id
