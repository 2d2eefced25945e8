-- One row per campaign and day.
create or replace view said.campaign_metric as
select
    x.campaign_id, x.day, x.impressions, x.clicks, x.leads
from main.campaign_metric x
