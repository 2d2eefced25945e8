-- The columns of every table that hold numbers with a fraction, by name.
select c.table_name, c.column_name
from information_schema.columns c
join information_schema.tables t on t.table_catalog = c.table_catalog and t.table_schema = c.table_schema and t.table_name = c.table_name
where c.table_schema = 'main' and c.table_catalog = current_database() and t.table_type = 'BASE TABLE' and c.data_type in ('DOUBLE', 'FLOAT', 'REAL', 'DOUBLE PRECISION')
order by c.table_name, c.column_name
