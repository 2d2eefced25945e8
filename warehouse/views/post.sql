-- One row per social or blog post.
create or replace view said.post as
select
    x.post_id, nullif(x.network, '') as network, nullif(x.author_rep_id, '') as author_rep_id, nullif(x.author, '') as author, nullif(x.campaign_id, '') as campaign_id, x.published_at, nullif(x.url, '') as url, nullif(x.kind, '') as kind, nullif(x.title, '') as title, x.channel
from main.post x
