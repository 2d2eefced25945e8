-- What incremental learned from. Grain: one row.
select
	coalesce(max(f.reason), 'nothing has been refreshed yet'), cast(coalesce(max(f.accounts), 0) as bigint), cast(coalesce(max(f.days), 0) as bigint),
	cast(coalesce(max(f.created), 0) as bigint), cast(coalesce(max(f.won), 0) as bigint), cast(coalesce(max(f.moves), 0) as bigint)
from incremental_fit f
