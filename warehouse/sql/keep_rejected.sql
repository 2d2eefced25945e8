-- The rejected rows of this run.
insert into rejected_row (run_id, source, file, line, field, reason, row_text)
select $run_id, $source, s.file, s.line, s.field, s.reason, s.row_text
from stage_rejected_row s
