-- One row per post. The channel is that of what the post brings: Rep Social when
-- one of our reps wrote it, Video for the video networks, E-mail for
-- newsletters, Referral for blogs and websites (the reader came by a link in
-- content), Organic Social for every other network. An author is a rep by id, by
-- e-mail, or by a name that one rep alone has.
create or replace table post as
with rep_name as (
    select lower(trim(r.name)) as name, min(r.rep_id) as rep_id
    from rep r
    group by lower(trim(r.name))
    having count(*) = 1
),
record as (
    select
        r.id, r.priority, r.source_id, p.network,
        coalesce(re.id, ra.id, rd.rep_id, rn.rep_id) as author_rep_id,
        p.author,
        coalesce(ce.id, ca.id, cn.campaign_id) as campaign_id,
        p.published_at, p.url, p.kind, p.title
    from posts p
    join ref r on r.stream = 'posts' and r.source = p.source and r.source_id = p.source_id
    left join ref re on re.stream = 'reps' and re.source = p.source and re.source_id = p.author_rep_id
    left join ref_any ra on ra.stream = 'reps' and ra.source_id = p.author_rep_id
    left join address ad on ad.email = p.author_rep_id
    left join rep_address rd on rd.key = ad.key
    left join rep_name rn on rn.name = lower(trim(p.author))
    left join ref ce on ce.stream = 'campaigns' and ce.source = p.source and ce.source_id = p.campaign_id
    left join ref_any ca on ca.stream = 'campaigns' and ca.source_id = p.campaign_id
    left join campaign_key cn on cn.kind = 'name' and cn.key = lower(trim(p.campaign_id))
    where not p.deleted
),
ordered as (
    select r.*, row_number() over (partition by r.id order by r.priority, r.source_id) as place
    from record r
),
one as (
    select
        o.id as post_id,
        coalesce(min_by(o.network, o.place) filter (where o.network is not null), '') as network,
        coalesce(min_by(o.author_rep_id, o.place) filter (where o.author_rep_id is not null), '') as author_rep_id,
        coalesce(min_by(o.author, o.place) filter (where o.author is not null), '') as author,
        coalesce(min_by(o.campaign_id, o.place) filter (where o.campaign_id is not null), '') as campaign_id,
        min_by(o.published_at, o.place) filter (where o.published_at is not null) as published_at,
        coalesce(min_by(o.url, o.place) filter (where o.url is not null), '') as url,
        coalesce(min_by(o.kind, o.place) filter (where o.kind is not null), '') as kind,
        coalesce(min_by(o.title, o.place) filter (where o.title is not null), '') as title
    from ordered o
    group by o.id
)
select
    o.post_id, o.network, o.author_rep_id,
    case when o.author = '' then coalesce(r.name, '') else o.author end as author,
    o.campaign_id, o.published_at, o.url, o.kind, o.title,
    case
        when o.author_rep_id <> '' then 'Rep Social'
        when lower(o.network) in ('youtube', 'vimeo', 'twitch') then 'Video'
        when lower(o.network) in ('newsletter', 'email', 'e-mail') then 'E-mail'
        when lower(o.network) in ('blog', 'website', 'web', 'site', '') then 'Referral'
        else 'Organic Social'
    end as channel
from one o
left join rep r on r.rep_id = o.author_rep_id
