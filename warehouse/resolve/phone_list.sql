-- The phone numbers of contacts with the country of their account, which says
-- how a number without "+" is read. One row per number and country.
select distinct c.phone, coalesce(a.country, '') as country
from contacts c
left join ref ae on ae.stream = 'accounts' and ae.source = c.source and ae.source_id = c.account_id
left join ref_any aa on aa.stream = 'accounts' and aa.source_id = c.account_id
left join account a on a.account_id = coalesce(ae.id, aa.id)
where not c.deleted and c.phone is not null
