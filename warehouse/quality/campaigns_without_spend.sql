-- title: Campaigns without spend
-- why: Their return cannot be told.
select c.campaign_id, c.name, c.channel, c.started_on
from campaign c
where c.campaign_id not in (select s.campaign_id from spend s)
order by c.campaign_id
