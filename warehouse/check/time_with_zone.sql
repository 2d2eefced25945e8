-- a column holds times with a zone; times are UTC without one
select count(*), coalesce(min(c.table_name || '.' || c.column_name), '')
from information_schema.columns c
where c.data_type like '%TIME ZONE%'
