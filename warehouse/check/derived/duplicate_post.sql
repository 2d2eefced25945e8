-- a post stands twice
select count(*), coalesce(min(x.post_id), '')
from (select p.post_id from post p group by p.post_id having count(*) > 1) x
