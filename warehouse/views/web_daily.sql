-- One row per day, channel, campaign and landing page of web traffic.
create or replace view said.web_daily as
select w.day, w.channel, w.campaign_id, w.landing_url, w.sessions, w.conversions, w.source
from main.web_daily w
where not w.deleted
