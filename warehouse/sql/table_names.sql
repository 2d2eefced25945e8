-- The tables of the database by name.
select t.table_name
from information_schema.tables t
where t.table_schema = 'main' and t.table_catalog = current_database() and t.table_type = 'BASE TABLE'
order by 1
