-- Whether a derived table or view exists: 1 or 0.
select count(*)
from information_schema.tables t
where t.table_schema = 'main' and t.table_name = $name
