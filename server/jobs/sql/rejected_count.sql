-- How many rows of the last reading of each file of a source could not be kept.
select count(*)
from (select distinct r.file, r.line from rejected_row r where r.source = $source) x
