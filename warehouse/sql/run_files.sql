-- What a run read of each file.
select f.file, f.rows_read, f.rows_kept, f.rows_rejected
from run_file f
where f.run_id = $run_id
order by f.file
