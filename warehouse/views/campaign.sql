-- One row per campaign.
create or replace view said.campaign as
select
    x.campaign_id, x.name, nullif(x.channel, '') as channel, x.started_on, x.ended_on, said.money(x.budget_minor, c.to_milli) as budget, x.currency
from main.campaign x
left join main.currency c on c.code = x.currency
