-- The newest saved change of the attribution settings. Grain: no row or one.
select c.change_id, c.changed_at, c.user_id, c.user_name, c.email, c.reason, c.settings_before, c.settings_after, c.settings_file, c.to_file
from attribution_change c
where c.change_id = (select max(x.change_id) from attribution_change x)
