-- The names of all campaigns.
select c.name
from campaign c
order by c.name, c.campaign_id
