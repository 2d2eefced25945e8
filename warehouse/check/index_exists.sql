-- an index exists, which after a crash answers wrongly; drop it
select count(*), coalesce(min(i.index_name), '')
from duckdb_indexes() i
