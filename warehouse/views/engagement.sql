-- One row per act of a known person on a post, mail, page or event.
create or replace view said.engagement as
select
    a.act_id as engagement_id, a.kind, a.occurred_at, case when a.person_id not in (select n.id from main.nameless n) then coalesce(ce.id, ca.id) end as contact_id,
    case when a.person_id not in (select n.id from main.nameless n) then nullif(e.email, '~past') end as email, case when a.person_id not in (select n.id from main.nameless n) then e.handle end as handle,
    case when a.person_id not in (select n.id from main.nameless n) then nullif(a.visitor_id, '') end as visitor_id,
    nullif(a.post_id, '') as post_id, nullif(a.campaign_id, '') as campaign_id, nullif(a.rep_id, '') as rep_id, nullif(a.click_id, '') as click_id,
    case when a.person_id not in (select n.id from main.nameless n) then nullif(a.url, '') end as url, nullif(a.evidence_cap, '') as evidence, case when a.person_id not in (select n.id from main.nameless n) then nullif(a.person_id, '') end as person_id, nullif(a.account_id, '') as account_id, a.bot, a.source
from main.act a
join main.engagements e on e.source = a.source and e.source_id = a.source_id
left join main.ref ce on ce.stream = 'contacts' and ce.source = e.source and ce.source_id = e.contact_id
left join main.ref_any ca on ca.stream = 'contacts' and ca.source_id = e.contact_id
where a.stream = 'engagements'
