-- One row: how many rows from the old end are older than $before, and the last
-- of them. A row that is younger ends it, also when older ones follow.
select count(*), coalesce(max(a.seq), 0), coalesce(max_by(a.hash, a.seq), '')
from audit a
where a.seq < coalesce((select min(young.seq) from audit young where young.happened_at >= $before), 9223372036854775807)
