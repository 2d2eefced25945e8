-- What a level was learned from. Grain: one row.
select
	cast(coalesce(max(l.won), 0) as bigint), cast(coalesce(max(l.lost), 0) as bigint), cast(coalesce(max(l.states), 0) as bigint),
	coalesce(max(l.missing), 'nothing has been refreshed yet')
from learned_level l
where l.level = $level
