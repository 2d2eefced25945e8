-- What this generation was attributed with, as JSON, and what touches are judged
-- by. Grain: one row.
create or replace /*temp*/ table attribution_setting as
select
	cast($settings as varchar) as settings, cast($now as timestamp) as built_at,
	cast($sent_mail as boolean) as sent_mail, cast($opened_mail as boolean) as opened_mail
