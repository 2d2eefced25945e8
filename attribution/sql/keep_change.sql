-- One more change of the attribution settings. Grain: one row.
insert into attribution_change (change_id, changed_at, user_id, user_name, email, reason, settings_before, settings_after, settings_file, to_file)
values ($change_id, $changed_at, $user_id, $user_name, $email, $reason, $settings_before, $settings_after, $settings_file, $to_file)
