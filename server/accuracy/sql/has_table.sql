-- Whether this build derives a table: 1 or 0.
select count(*)
from information_schema.tables t
where t.table_schema = 'main' and t.table_name = $name
