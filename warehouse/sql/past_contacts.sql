-- Every contact record with what a stand-in takes over from it.
select
    c.source, c.source_id, coalesce(c.account_id, ''), coalesce(c.email, ''), coalesce(c.handle, ''), c.lead_created_at,
    coalesce(c.opted_out, false) or coalesce(x.opted_out, false)
from contacts c
left join ref r on r.stream = 'contacts' and r.source = c.source and r.source_id = c.source_id
left join contact x on x.contact_id = r.id
where not c.deleted and c.source_id not like '~%'
order by c.source, c.source_id
