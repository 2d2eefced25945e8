-- a rep stands twice
select count(*), coalesce(min(x.rep_id), '')
from (select r.rep_id from rep r group by r.rep_id having count(*) > 1) x
