-- Whether there is such a rep.
select count(*)
from rep r
where r.rep_id = $rep_id
