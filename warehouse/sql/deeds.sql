-- The newest deed of each kind. Grain: one row a kind.
select u.done_at, u.deed, u.file, u.bytes, u.detail
from upkeep u
join (select deed, max(done_at) as last_at from upkeep group by deed) l on l.deed = u.deed and l.last_at = u.done_at
order by u.deed, u.file
