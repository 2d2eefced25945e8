-- One row per e-mail, chat message, call or meeting of each source.
create or replace view said.activity as
select
    a.act_id as activity_id, a.kind, nullif(a.direction, '') as direction, a.occurred_at, nullif(a.rep_id, '') as rep_id,
    case when a.person_id not in (select n.id from main.nameless n) then coalesce(ce.id, ca.id) end as contact_id, case when a.person_id not in (select n.id from main.nameless n) then nullif(v.email, '~past') end as email, nullif(a.deal_id, '') as deal_id, nullif(a.thread_id, '') as thread_id, nullif(a.uid, '') as uid,
    a.duration_s, a.length, nullif(a.outcome, '') as outcome, case when a.person_id not in (select n.id from main.nameless n) then nullif(a.person_id, '') end as person_id, nullif(a.account_id, '') as account_id, a.source
from main.act a
join main.activities v on v.source = a.source and v.source_id = a.source_id
left join main.ref ce on ce.stream = 'contacts' and ce.source = v.source and ce.source_id = v.contact_id
left join main.ref_any ca on ca.stream = 'contacts' and ca.source_id = v.contact_id
where a.stream = 'activities'
