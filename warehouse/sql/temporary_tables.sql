-- The temporary tables of this connection, which only the engine can list.
select t.table_name
from duckdb_tables() t
where t.temporary
order by 1
