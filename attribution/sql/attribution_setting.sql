-- What this generation was attributed with, as JSON. Grain: one row.
create or replace table attribution_setting as
select cast($settings as varchar) as settings, cast($now as timestamp) as built_at
