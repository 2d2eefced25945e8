-- One row per activity, engagement and visit, resolved. The account is that of
-- the person, else of the address's domain or the named contact, else of the
-- deal. An act that only our own people took part in keeps an empty person.
create or replace table act as
with every as (
    select
        a.source, 'activities' as stream, a.source_id, a.kind, a.direction, a.occurred_at, a.rep_id, a.person_id, a.contact_account_id, a.deal_id,
        a.thread_id, a.uid, '' as post_id, '' as campaign_id, '' as click_id, '' as url, '' as visitor_id,
        '' as utm_source, '' as utm_medium, '' as utm_campaign, '' as utm_content, '' as referrer, '' as evidence_cap,
        a.outcome, a.length, a.duration_s, 'Sales' as channel
    from activity_act a
    union all
    select
        w.source, w.stream, w.source_id, w.kind, w.direction, w.occurred_at, w.rep_id, w.person_id, w.contact_account_id, '' as deal_id,
        '' as thread_id, '' as uid, w.post_id, w.campaign_id, w.click_id, w.url, w.visitor_id,
        w.utm_source, w.utm_medium, w.utm_campaign, w.utm_content, w.referrer, w.evidence_cap,
        '' as outcome, cast(null as bigint) as length, cast(null as bigint) as duration_s, w.channel
    from web_act w
)
select
    case when i.source_id is not null and k.priority > m.priority then e.source || ':' || e.source_id else e.source_id end as act_id,
    e.source, e.stream, e.source_id, k.priority, e.kind, e.direction, e.occurred_at, e.rep_id, e.person_id,
    coalesce(nullif(p.account_id, ''), nullif(e.contact_account_id, ''), d.account_id, '') as account_id,
    e.deal_id, e.thread_id, e.uid, e.post_id, e.campaign_id, e.click_id, e.url, e.visitor_id,
    e.utm_source, e.utm_medium, e.utm_campaign, e.utm_content, e.referrer, e.evidence_cap,
    e.outcome, e.length, e.duration_s,
    b.source_id is not null as bot,
    e.channel as channel_hint
from every e
join source_rank k on k.source = e.source
left join person p on p.person_id = e.person_id
left join deal d on d.deal_id = e.deal_id
left join bot_act b on b.stream = e.stream and b.source = e.source and b.source_id = e.source_id
left join repeated_id i on i.stream = e.stream and i.source_id = e.source_id
left join first_source m on m.stream = i.stream and m.source_id = i.source_id
