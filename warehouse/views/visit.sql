-- One row per web session.
create or replace view said.visit as
select
    a.act_id as visit_id, a.occurred_at, case when a.person_id not in (select n.id from main.nameless n) then nullif(a.visitor_id, '') end as visitor_id,
    case when a.person_id not in (select n.id from main.nameless n) then coalesce(ce.id, ca.id) end as contact_id, case when a.person_id not in (select n.id from main.nameless n) then nullif(v.email, '~past') end as email,
    case when a.person_id not in (select n.id from main.nameless n) then nullif(a.url, '') end as landing_url, case when a.person_id not in (select n.id from main.nameless n) then nullif(a.referrer, '') end as referrer, nullif(a.utm_source, '') as utm_source, nullif(a.utm_medium, '') as utm_medium,
    nullif(a.utm_campaign, '') as utm_campaign, nullif(a.utm_content, '') as utm_content, case when a.person_id not in (select n.id from main.nameless n) then v.utm_term end as utm_term, nullif(a.click_id, '') as click_id,
    a.channel_hint as channel, nullif(a.campaign_id, '') as campaign_id, nullif(a.post_id, '') as post_id, nullif(a.rep_id, '') as rep_id,
    case when a.person_id not in (select n.id from main.nameless n) then nullif(a.person_id, '') end as person_id, nullif(a.account_id, '') as account_id, a.bot, a.source
from main.act a
join main.visits v on v.source = a.source and v.source_id = a.source_id
left join main.ref ce on ce.stream = 'contacts' and ce.source = v.source and ce.source_id = v.contact_id
left join main.ref_any ca on ca.stream = 'contacts' and ca.source_id = v.contact_id
where a.stream = 'visits'
