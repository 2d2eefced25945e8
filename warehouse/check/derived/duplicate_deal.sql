-- a deal stands twice
select count(*), coalesce(min(x.deal_id), '')
from (select d.deal_id from deal d group by d.deal_id having count(*) > 1) x
