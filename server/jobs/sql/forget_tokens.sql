-- Tokens that expired or were revoked before the limit.
delete from api_token
where expires_at < cast($before as timestamp) or revoked_at < cast($before as timestamp)
