-- What this generation was attributed with, as JSON, and as the statements of
-- touches and weights read it. reach_days is how far before a deal candidate
-- holds touches. Grain: one row.
create or replace /*temp*/ table attribution_setting as
select
	cast($settings as varchar) as settings, cast($now as timestamp) as built_at, cast($reach_days as bigint) as reach_days,
	cast($sent_mail as boolean) as sent_mail, cast($opened_mail as boolean) as opened_mail,
	cast($half_life_s as double) as half_life_s,
	cast($custom_first as double) as custom_first, cast($custom_lead as double) as custom_lead,
	cast($custom_creation as double) as custom_creation, cast($custom_close as double) as custom_close,
	cast($custom_others as double) as custom_others
