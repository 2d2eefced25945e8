-- a campaign stands twice
select count(*), coalesce(min(x.campaign_id), '')
from (select c.campaign_id from campaign c group by c.campaign_id having count(*) > 1) x
