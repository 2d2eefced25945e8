-- One campaign with its planned money. Grain: one row, or none.
select c.campaign_id, c.name, c.channel, c.started_on, c.ended_on, c.budget_minor, c.currency
from campaign c
where c.campaign_id = $campaign_id
