-- Which channel a visit belongs to: the first rule by position that fits.
create or replace view said.channel_rule as
select
    x.position, x.source_kind, x.source_like, x.medium_like, x.campaign_like, x.channel
from main.channel_rule x
