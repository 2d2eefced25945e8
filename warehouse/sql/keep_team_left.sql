-- The team that a known rep left, of every rep that comes with another one, before
-- the merge overwrites it. It ends when the sync is: sources tell no day. Who had
-- no team before has not moved.
insert into team_left (source, source_id, team_id, left_at)
select $source, t.source_id, t.team_id, cast($at as timestamp)
from delta_reps s
join reps t on t.source = $source and t.source_id = s.source_id
left join (
    select l.source_id, max(l.left_at) as left_at
    from team_left l
    where l.source = $source
    group by l.source_id
) b on b.source_id = t.source_id
where t.team_id is not null and s.team_id is distinct from t.team_id
    and (b.left_at is null or b.left_at < cast($at as timestamp))
