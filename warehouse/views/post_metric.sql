-- One row per post and day.
create or replace view said.post_metric as
select
    x.post_id, x.day, x.impressions, x.reactions, x.comments, x.shares, x.clicks
from main.post_metric x
