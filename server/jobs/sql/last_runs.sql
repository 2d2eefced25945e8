-- One row per source that was ever read: its latest run.
select r.source, r.status, r.finished_at, r.rows_read, r.rows_kept, r.rows_rejected, r.records_changed, coalesce(r.message, '') as message
from run r
where r.run_id in (select max(l.run_id) from run l group by l.source)
order by r.source
