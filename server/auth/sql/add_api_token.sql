-- A new token, once; its secret is shown once and kept as a hash.
insert into api_token (token_id, user_id, name, scopes, hash, created_at, expires_at, revoked_at)
select $token_id, $user_id, $name, $scopes, $hash, cast($now as timestamp), cast($expires_at as timestamp), null
where not exists (select k.token_id from api_token k where k.token_id = $token_id)
