-- What this generation was attributed with. Grain: one row.
create or replace table attribution_setting as
select
	cast($model as varchar) as model,
	cast($lookback_days as integer) as lookback_days,
	cast($anchor as varchar) as anchor,
	cast($people as varchar) as people,
	cast($path as varchar) as path,
	cast($touches as varchar) as touches,
	cast($half_life_days as double) as half_life_days,
	cast($now as timestamp) as built_at
