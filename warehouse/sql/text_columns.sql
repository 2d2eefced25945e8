-- Every column of text of every table, without views.
select c.table_name, c.column_name
from information_schema.columns c
join information_schema.tables t
  on t.table_name = c.table_name and t.table_schema = c.table_schema and t.table_catalog = c.table_catalog
where c.table_schema = 'main' and c.table_catalog = current_database() and t.table_type = 'BASE TABLE' and lower(c.data_type) = 'varchar'
order by c.table_name, c.ordinal_position
