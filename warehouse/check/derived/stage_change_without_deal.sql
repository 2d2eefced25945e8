-- a stage change belongs to a deal that does not exist
select count(*), coalesce(min(s.deal_id), '')
from stage_change s
where s.deal_id not in (select d.deal_id from deal d)
