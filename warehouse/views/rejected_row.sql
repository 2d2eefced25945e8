-- The rejected rows of the last reading of each file.
create or replace view said.rejected_row as
select
    x.run_id, x.source, x.file, x.line, x.field, x.reason, x.row_text
from main.rejected_row x
