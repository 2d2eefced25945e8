-- The days of which touches are known: the first and the last, at most the
-- given number of days. Grain: one row.
select
	coalesce(greatest(min(a.day), max(a.day) - cast($days as integer) + 1), 0) as first_day,
	coalesce(max(a.day), -1) as last_day
from incremental_act a
