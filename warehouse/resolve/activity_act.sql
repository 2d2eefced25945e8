-- One row per activity with whom, by whom and on which deal. The person is the
-- named contact, else whoever has the address, else the first known attendee.
create or replace temporary table activity_act as
with first_attendee as (
    select t.source, t.activity_id, t.person_id, row_number() over (partition by t.source, t.activity_id order by t.place, t.person_id) as nth
    from attendee t
)
select
    v.source, v.source_id, v.kind, coalesce(v.direction, '') as direction, v.occurred_at,
    coalesce(re.id, ra.id, rm.rep_id, ro.rep_id, '') as rep_id,
    coalesce(nullif(c.person_id, ''), k.person_id, f.person_id, '') as person_id,
    coalesce(c.account_id, '') as contact_account_id,
    coalesce(de.id, da.id, '') as deal_id,
    coalesce(v.thread_id, '') as thread_id,
    coalesce(v.uid, '') as uid,
    coalesce(v.outcome, '') as outcome,
    v.length, v.duration_s,
    coalesce(ad.key, '') as address
from activities v
left join ref re on re.stream = 'reps' and re.source = v.source and re.source_id = v.rep_id
left join ref_any ra on ra.stream = 'reps' and ra.source_id = v.rep_id
left join address rx on rx.email = v.rep_id
left join rep_address rm on rm.key = rx.key
left join attendee_rep ro on ro.source = v.source and ro.activity_id = v.source_id
left join ref ce on ce.stream = 'contacts' and ce.source = v.source and ce.source_id = v.contact_id
left join ref_any ca on ca.stream = 'contacts' and ca.source_id = v.contact_id
left join contact c on c.contact_id = coalesce(ce.id, ca.id)
left join address ad on ad.email = v.email
left join person_key k on k.kind = 'email' and k.key = ad.key
left join first_attendee f on f.source = v.source and f.activity_id = v.source_id and f.nth = 1
left join ref de on de.stream = 'deals' and de.source = v.source and de.source_id = v.deal_id
left join ref_any da on da.stream = 'deals' and da.source_id = v.deal_id
where not v.deleted
