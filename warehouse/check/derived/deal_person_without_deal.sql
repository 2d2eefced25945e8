-- a role belongs to a deal that does not exist
select count(*), coalesce(min(x.deal_id), '')
from deal_person x
where x.deal_id not in (select d.deal_id from deal d)
