-- The posts of a campaign, the newest first. Grain: one row a post.
select p.post_id, coalesce(nullif(p.title, ''), p.url, p.post_id) as title, p.channel, p.network, p.author_rep_id, p.author, p.published_at
from post p
where p.campaign_id = $campaign_id
order by p.published_at desc nulls last, p.post_id
