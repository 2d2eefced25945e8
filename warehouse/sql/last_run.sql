-- The newest run of every source: one row a source.
select r.run_id, r.source, r.kind, r.status, coalesce(r.message, ''), r.started_at, r.finished_at, r.rows_read, r.rows_kept, r.rows_rejected, r.records_changed
from run r
where r.run_id in (select max(x.run_id) from run x group by x.source)
order by r.source
