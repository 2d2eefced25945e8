-- One row: how many sources have been read, and for how many of them the
-- latest run failed.
select
    count(*) as sources,
    count(*) filter (where latest.status <> 'done') as failed
from (
    select r.source, max_by(r.status, r.run_id) as status
    from run r
    group by r.source
) latest
