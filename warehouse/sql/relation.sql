-- What `credence query` may see ("said") and what a name may not stand for
-- ("main"): one row per relation.
select t.table_schema, t.table_name
from information_schema.tables t
where t.table_schema in ('said', 'main')
order by 1, 2
