-- What a closing stands on: the ids given so far, the generation and the
-- reporting currency. Grain: one row.
select
	(select coalesce(max(c.closing), 0) from closed_period c),
	g.generation, coalesce(g.refreshed_at, timestamp '1970-01-01 00:00:00'),
	(select r.currency from reporting r)
from generation g
