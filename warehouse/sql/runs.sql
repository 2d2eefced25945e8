-- The newest runs, of one source or of all.
select r.run_id, r.source, r.kind, r.status, coalesce(r.message, ''), r.started_at, r.finished_at, r.rows_read, r.rows_kept, r.rows_rejected, r.records_changed
from run r
where $source = '' or r.source = $source
order by r.run_id desc
limit $limit
