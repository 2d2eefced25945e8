-- A new token; its secret is shown once and kept as a hash.
insert into api_token (token_id, user_id, name, scopes, hash, created_at, expires_at, revoked_at)
values ($token_id, $user_id, $name, $scopes, $hash, $now, $expires_at, null)
