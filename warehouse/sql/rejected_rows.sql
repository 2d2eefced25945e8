-- The rejected rows of the last reading of each file of a source, by place.
select r.run_id, r.source, r.file, r.line, r.field, r.reason, r.row_text
from rejected_row r
where r.source = $source and ($run_id = 0 or r.run_id = $run_id)
order by r.file, r.line, r.field, r.reason
limit $limit offset $offset
