-- a deal belongs to a rep who does not exist
select count(*), coalesce(min(d.deal_id), '')
from deal d
where d.owner_rep_id <> '' and d.owner_rep_id not in (select r.rep_id from rep r)
