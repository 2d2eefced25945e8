-- Where the last successful run of a source ended: one row, or none before it.
select s.cursor
from source_state s
where s.source = $source
