-- The posts of a campaign that a rep in scope wrote or that touched a deal in
-- scope, the newest first; who sees the whole company sees all. Grain: one row a
-- post.
with mine as (
    select v.rep_id from visible_rep v where v.user_id = $user_id
)
select p.post_id, coalesce(nullif(p.title, ''), p.url, p.post_id) as title, p.channel, p.network, p.author_rep_id, p.author, p.published_at
from post p
where p.campaign_id = $campaign_id
    and (
        exists (select 1 from mine m where m.rep_id = '')
        or p.author_rep_id in (select m.rep_id from mine m)
        or p.post_id in (
            select t.post_id
            from touch t
            join journey_touch j on j.touch_no = t.touch_no
            join journey_deal d on d.deal_no = j.deal_no
            where t.post_id <> '' and d.membership_id in (select m.rep_id from mine m)
        )
    )
order by p.published_at desc nulls last, p.post_id
