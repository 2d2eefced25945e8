-- One row per contact record of a source with its resolved account and keys.
-- internal: one of our own people, who is a rep and never a prospect.
create or replace temporary table contact_record as
select
    c.source, c.source_id, r.id as contact_id, r.priority,
    coalesce(ae.id, aa.id, '') as account_id,
    c.name, c.email, c.phone, c.title, c.seniority, c.handle, c.lead_created_at,
    coalesce(c.opted_out, false) as opted_out, c.lawful_basis,
    ad.key as email_key, ad.domain, coalesce(ad.free, false) as free,
    case when p.e164 <> '' then p.e164 end as phone_key,
    nullif(replace(lower(trim(c.handle)), '@', ''), '') as handle_key,
    coalesce(ad.own, false) or ra.rep_id is not null as internal
from contacts c
join ref r on r.stream = 'contacts' and r.source = c.source and r.source_id = c.source_id
left join ref ae on ae.stream = 'accounts' and ae.source = c.source and ae.source_id = c.account_id
left join ref_any aa on aa.stream = 'accounts' and aa.source_id = c.account_id
left join address ad on ad.email = c.email
left join rep_address ra on ra.key = ad.key
left join account a on a.account_id = coalesce(ae.id, aa.id)
left join phone p on p.phone = c.phone and p.country = coalesce(a.country, '')
where not c.deleted
