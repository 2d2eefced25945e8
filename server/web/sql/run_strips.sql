-- The newest runs of every source, oldest first: one row a run.
select r.source, r.run_id, r.status, r.started_at, r.rows_read, r.rows_rejected
from (
    select x.source, x.run_id, x.status, x.started_at, x.rows_read, x.rows_rejected,
        row_number() over (partition by x.source order by x.run_id desc) as place
    from run x
) r
where r.place <= $runs
order by r.source, r.run_id
