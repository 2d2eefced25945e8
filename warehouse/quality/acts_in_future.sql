-- title: Acts dated in the future
-- why: The clock of their source runs ahead; they earn nothing until their time has come.
select a.occurred_at, a.stream, a.source, a.source_id, a.kind
from act a
cross join generation g
where a.occurred_at > g.refreshed_at
order by a.occurred_at, a.stream, a.source, a.source_id
