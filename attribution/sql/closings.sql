-- Every closing, the newest period and version first. Grain: one row a closing.
select
	c.closing, c.period, c.version, c.from_at, c.to_at, c.closed_at, c.user_id, c.user_name, c.email, c.reason, c.settings, c.models, c.currency,
	c.generation, c.refreshed_at
from closed_period c
order by c.from_at desc, c.version desc
