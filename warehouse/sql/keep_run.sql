-- One row a run.
insert into run (run_id, source, kind, started_at, finished_at, status, rows_read, rows_kept, rows_rejected, records_changed, message)
values ($run_id, $source, $kind, $started_at, $finished_at, $status, $rows_read, $rows_kept, $rows_rejected, $records_changed, $message)
