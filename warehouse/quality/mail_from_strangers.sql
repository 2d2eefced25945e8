-- title: Mail and meetings with nobody we know
-- why: The address belongs to no contact and no account's domain.
select a.source, a.kind, a.occurred_at, a.rep_id, a.source_id
from act a
where a.stream = 'activities' and a.person_id = '' and a.account_id = '' and a.direction <> 'internal'
order by a.occurred_at, a.source, a.source_id
