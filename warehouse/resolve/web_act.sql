-- One row per engagement and visit with whom, which post, campaign and rep, and
-- the channel. Post: named, tagged post:<id>, or standing on the page. Rep: named,
-- tagged rep:<id>, else the post's author. Campaign: named by id or name, tagged,
-- else the post's. Channel: the post's when the act is tied to one by tag or
-- name, Rep Social for a rep's tag, else by rule, and where the rule only says
-- Direct or Other that of the campaign the act itself names.
create or replace temporary table web_act as
with act as (
    select
        'engagements' as stream, e.source, e.source_id, e.kind, e.occurred_at, e.contact_id, e.email, e.handle, e.visitor_id,
        e.post_id, e.campaign_id, e.rep_id, e.click_id, e.url, e.evidence,
        l.utm_source, l.utm_medium, l.utm_campaign, l.utm_content, cast(null as varchar) as referrer, coalesce(l.paid_click, false) as paid_click, l.page
    from engagements e
    left join link l on l.url = e.url
    where not e.deleted
    union all
    select
        'visits' as stream, v.source, v.source_id, 'visit' as kind, v.occurred_at, v.contact_id, v.email, cast(null as varchar) as handle, v.visitor_id,
        cast(null as varchar) as post_id, cast(null as varchar) as campaign_id, cast(null as varchar) as rep_id, v.click_id, v.landing_url as url, cast(null as varchar) as evidence,
        coalesce(v.utm_source, l.utm_source) as utm_source, coalesce(v.utm_medium, l.utm_medium) as utm_medium,
        coalesce(v.utm_campaign, l.utm_campaign) as utm_campaign, coalesce(v.utm_content, l.utm_content) as utm_content,
        v.referrer, coalesce(l.paid_click, false) as paid_click, l.page
    from visits v
    left join link l on l.url = v.landing_url
    where not v.deleted
),
tied as (
    select
        a.*,
        coalesce(nullif(c.person_id, ''), pe.person_id, ph.person_id, vp.person_id, '') as who,
        coalesce(c.account_id, '') as contact_account_id,
        coalesce(ad.key, '') as address,
        coalesce(oe.id, oa.id, tp.id) as tagged_post,
        coalesce(oe.id, oa.id, tp.id, pp.post_id, '') as post,
        coalesce(re.id, ra.id, rt.id) as tagged_rep,
        coalesce(ke.id, ka.id, kn.campaign_id, ui.campaign_id, un.campaign_id) as named_campaign
    from act a
    left join ref ce on ce.stream = 'contacts' and ce.source = a.source and ce.source_id = a.contact_id
    left join ref_any ca on ca.stream = 'contacts' and ca.source_id = a.contact_id
    left join contact c on c.contact_id = coalesce(ce.id, ca.id)
    left join address ad on ad.email = a.email
    left join person_key pe on pe.kind = 'email' and pe.key = ad.key
    left join person_key ph on ph.kind = 'handle' and ph.key = replace(lower(trim(a.handle)), '@', '')
    left join visitor_person vp on vp.visitor_id = a.visitor_id and a.occurred_at > vp.from_at and a.occurred_at <= vp.to_at
    left join ref oe on oe.stream = 'posts' and oe.source = a.source and oe.source_id = a.post_id
    left join ref_any oa on oa.stream = 'posts' and oa.source_id = a.post_id
    left join ref_any tp on tp.stream = 'posts' and tp.source_id = case when a.utm_content like 'post:%' then substr(a.utm_content, 6) end
    left join post_page pp on pp.page = a.page
    left join ref re on re.stream = 'reps' and re.source = a.source and re.source_id = a.rep_id
    left join ref_any ra on ra.stream = 'reps' and ra.source_id = a.rep_id
    left join ref_any rt on rt.stream = 'reps' and rt.source_id = case when a.utm_content like 'rep:%' then substr(a.utm_content, 5) end
    left join ref ke on ke.stream = 'campaigns' and ke.source = a.source and ke.source_id = a.campaign_id
    left join ref_any ka on ka.stream = 'campaigns' and ka.source_id = a.campaign_id
    left join campaign_key kn on kn.kind = 'name' and kn.key = lower(trim(a.campaign_id))
    left join campaign_key ui on ui.kind = 'id' and ui.key = a.utm_campaign
    left join campaign_key un on un.kind = 'name' and un.key = lower(trim(a.utm_campaign))
)
select
    t.stream, t.source, t.source_id, t.kind,
    case when t.kind in ('reply', 'form', 'comment', 'reaction', 'registration') then 'inbound' else '' end as direction,
    t.occurred_at,
    coalesce(t.tagged_rep, nullif(p.author_rep_id, ''), '') as rep_id,
    t.who as person_id, t.contact_account_id, t.address,
    t.post as post_id,
    coalesce(t.named_campaign, nullif(p.campaign_id, ''), '') as campaign_id,
    coalesce(t.click_id, '') as click_id,
    coalesce(t.url, '') as url,
    coalesce(t.page, '') as page,
    coalesce(t.visitor_id, '') as visitor_id,
    coalesce(t.utm_source, '') as utm_source,
    coalesce(t.utm_medium, '') as utm_medium,
    coalesce(t.utm_campaign, '') as utm_campaign,
    coalesce(t.utm_content, '') as utm_content,
    coalesce(t.referrer, '') as referrer,
    coalesce(t.evidence, '') as evidence_cap,
    case
        when t.tagged_post is not null then p.channel
        when t.utm_content like 'rep:%' and t.tagged_rep is not null then 'Rep Social'
        when w.channel is not null and w.channel not in ('Direct', 'Other') then w.channel
        when coalesce(k.channel, '') <> '' then k.channel
        when t.stream = 'visits' then coalesce(w.channel, 'Direct')
        when w.channel is not null and t.utm_source is not null then w.channel
        when t.post <> '' then p.channel
        when t.kind in ('open', 'click', 'reply') then 'E-mail'
        when t.kind = 'registration' then 'Event'
        when t.kind in ('comment', 'reaction') then 'Organic Social'
        else 'Direct'
    end as channel
from tied t
left join post p on p.post_id = t.post
left join campaign k on k.campaign_id = t.named_campaign
left join web_source w
  on w.utm_source is not distinct from t.utm_source and w.utm_medium is not distinct from t.utm_medium
 and w.utm_campaign is not distinct from t.utm_campaign and w.referrer is not distinct from t.referrer and w.paid_click = t.paid_click
