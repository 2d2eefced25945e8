-- The contacts of the last refresh with their person and the record behind them;
-- an address without a record has none. Grain: one row a contact.
select c.contact_id, c.person_id, c.email, coalesce(r.source, ''), coalesce(r.source_id, '')
from contact c
left join ref r on r.stream = 'contacts' and r.id = c.contact_id
order by 1, 4, 5
