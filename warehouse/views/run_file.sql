-- One row per run and file.
create or replace view said.run_file as
select
    x.run_id, x.source, x.file, x.rows_read, x.rows_kept, x.rows_rejected
from main.run_file x
