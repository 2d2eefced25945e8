-- title: Clicks made by mail scanners
-- why: Three or more links within ten seconds are no person's; they earn nothing.
select a.occurred_at, a.kind, a.person_id, a.url, a.source, a.source_id
from act a
where a.bot
order by a.occurred_at, a.source, a.stream, a.source_id
