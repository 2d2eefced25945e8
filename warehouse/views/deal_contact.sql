-- One row per deal and contact record with a role on it.
create or replace view said.deal_contact as
select coalesce(de.id, da.id) as deal_id, coalesce(ce.id, ca.id) as contact_id, x.role
from main.deal_contacts x
left join main.ref de on de.stream = 'deals' and de.source = x.source and de.source_id = x.deal_id
left join main.ref_any da on da.stream = 'deals' and da.source_id = x.deal_id
left join main.ref ce on ce.stream = 'contacts' and ce.source = x.source and ce.source_id = x.contact_id
left join main.ref_any ca on ca.stream = 'contacts' and ca.source_id = x.contact_id
where not x.deleted and coalesce(ce.id, ca.id, '') not in (select n.id from main.nameless n)
