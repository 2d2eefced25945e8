-- a rep is in two teams at once, or in none at some time
select count(*), coalesce(min(x.rep_id), '')
from (
    select
        m.rep_id, m.from_at, m.until_at,
        lag(m.until_at, 1, timestamp '0001-01-01 00:00:00') over (partition by m.rep_id order by m.from_at, m.until_at) as before
    from membership m
) x
where x.before <> x.from_at or x.until_at <= x.from_at
