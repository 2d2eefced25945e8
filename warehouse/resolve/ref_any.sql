-- What an id means to a source that has no such record itself: the record of
-- the first source that has it.
create or replace table ref_any as
select r.stream, r.source_id, r.id
from ref r
where r.place = 1
