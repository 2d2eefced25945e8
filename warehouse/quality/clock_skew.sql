-- title: Sources whose clocks differ
-- why: The same act has another time in another source; order inside journeys may be wrong.
select x.first_source, x.later_source, count(*) as acts, min(x.seconds) as least_seconds, max(x.seconds) as most_seconds
from (
    select a.source as first_source, b.source as later_source, date_diff('second', a.occurred_at, b.occurred_at) as seconds
    from act a
    join act b on b.uid = a.uid and b.priority > a.priority and b.kind = a.kind
    where a.uid <> ''
) x
where x.seconds > 60 or x.seconds < -60
group by x.first_source, x.later_source
order by x.first_source, x.later_source
