-- How many other sources have a contact of the same id.
select count(*)
from contacts c
where c.source_id = $id and c.source <> $source
