-- One row per combination of source, medium, campaign and referring host of a
-- visit or engagement, with the channel of the first rule of channel_rule that
-- fits. Without tags the referring host is the source.
create or replace temporary table web_source as
with seen as (
    select distinct
        coalesce(v.utm_source, l.utm_source) as utm_source,
        coalesce(v.utm_medium, l.utm_medium) as utm_medium,
        coalesce(v.utm_campaign, l.utm_campaign) as utm_campaign,
        v.referrer,
        coalesce(l.paid_click, false) as paid_click
    from visits v
    left join link l on l.url = v.landing_url
    where not v.deleted
    union
    select distinct l.utm_source, l.utm_medium, l.utm_campaign, cast(null as varchar) as referrer, l.paid_click
    from engagements e
    join link l on l.url = e.url
    where not e.deleted
),
hosted as (
    select
        s.*,
        split_part(split_part(replace(replace(lower(trim(coalesce(s.referrer, ''))), 'https://', ''), 'http://', ''), '/', 1), ':', 1) as referrer_host
    from seen s
),
plain as (
    select
        h.*,
        case when h.referrer_host like 'www.%' then substr(h.referrer_host, 5) else h.referrer_host end as host
    from hosted h
),
said as (
    select
        p.utm_source, p.utm_medium, p.utm_campaign, p.referrer, p.paid_click,
        lower(trim(coalesce(p.utm_source, case when o.domain is not null then '' else p.host end))) as source,
        lower(trim(coalesce(p.utm_medium, case when p.paid_click then 'cpc' when p.utm_source is null and p.host <> '' and o.domain is null then 'referral' else '' end))) as medium,
        lower(trim(coalesce(p.utm_campaign, ''))) as campaign
    from plain p
    left join own_domain o on p.host = o.domain or p.host like '%.' || o.domain
),
kinded as (
    select s.*, coalesce(w.kind, case when s.paid_click and s.utm_source is null then 'search' else '' end) as source_kind
    from said s
    left join web_site w on w.site = s.source
),
fitting as (
    select
        k.utm_source, k.utm_medium, k.utm_campaign, k.referrer, k.paid_click, k.source, k.medium, r.channel,
        row_number() over (partition by k.utm_source, k.utm_medium, k.utm_campaign, k.referrer, k.paid_click order by r.position) as place
    from kinded k
    join channel_rule r
      on (r.source_kind = '' or r.source_kind = k.source_kind)
     and k.source like r.source_like and k.medium like r.medium_like and k.campaign like r.campaign_like
)
select f.utm_source, f.utm_medium, f.utm_campaign, f.referrer, f.paid_click, f.source, f.medium, f.channel
from fitting f
where f.place = 1
