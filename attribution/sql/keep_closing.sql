-- One more closing. Grain: one row.
insert into closed_period (
	closing, period, version, from_at, to_at, closed_at, user_id, user_name, email, reason, settings, models, currency, generation, refreshed_at
)
values (
	$closing, $period, $version, $from, $to, $closed_at, $user_id, $user_name, $email, $reason, $settings, $models, $currency, $generation, $refreshed_at
)
