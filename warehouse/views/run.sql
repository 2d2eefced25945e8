-- One row per reading of a source.
create or replace view said.run as
select x.run_id, x.source, x.kind, x.started_at, x.finished_at, x.status, x.rows_read, x.rows_kept, x.rows_rejected, x.records_changed, x.message
from main.run x
