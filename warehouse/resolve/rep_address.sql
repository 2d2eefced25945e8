-- One row per address key of a rep; two reps with one address are the first.
create or replace temporary table rep_address as
select a.key, min(r.rep_id) as rep_id
from rep r
join address a on a.email = r.email
group by a.key
