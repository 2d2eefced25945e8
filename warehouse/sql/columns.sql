-- The columns of every table and of the views that stand for tables, by name
-- and place.
select c.table_name, c.column_name
from information_schema.columns c
where c.table_schema = 'main' and c.table_catalog = current_database()
order by c.table_name, c.ordinal_position
