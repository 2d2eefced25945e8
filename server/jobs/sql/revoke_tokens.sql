-- Revokes every API token: which ones were revoked since the backup nobody knows.
update api_token set revoked_at = coalesce(revoked_at, $now)
