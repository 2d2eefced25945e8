-- A token that was revoked stays so from the first time on.
update api_token set revoked_at = $now
where token_id = $token_id and revoked_at is null
