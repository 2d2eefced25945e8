-- a line item belongs to a deal that does not exist
select count(*), coalesce(min(l.line_id), '')
from line_item l
where l.deal_id not in (select d.deal_id from deal d)
