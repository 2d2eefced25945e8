-- Every saved change of the attribution settings, the newest first. Grain: one
-- row a change.
select c.change_id, c.changed_at, c.user_id, c.user_name, c.email, c.reason, c.settings_before, c.settings_after, c.settings_file, c.to_file
from attribution_change c
order by c.change_id desc
