-- The reps whom the reader may see, with the last team in which the reader does,
-- one row a rep by id: the one called $rep_id, or all after $after.
with known as (
    select m.rep_id, max_by(m.team_id, m.until_at) as team_id
    from membership m
    where m.membership_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
    group by m.rep_id
)
select r.rep_id, coalesce(r.name, '') as name, coalesce(r.title, '') as title, k.team_id,
    coalesce(t.name, '') as team, coalesce(r.region, '') as region
from rep r
join known k on k.rep_id = r.rep_id
left join team t on t.team_id = k.team_id
where ($rep_id = '' or r.rep_id = $rep_id)
    and r.rep_id > $after
order by r.rep_id
