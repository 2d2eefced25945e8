-- title: Rejected rows
-- why: The last reading of each file could not keep them.
select r.source, r.file, r.line, r.field, r.reason, r.row_text
from rejected_row r
order by r.source, r.file, r.line, r.field, r.reason
