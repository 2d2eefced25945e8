-- The one token with this id.
select k.token_id, k.user_id, k.name, k.scopes, k.hash, k.created_at, k.expires_at, k.revoked_at
from api_token k
where k.token_id = $token_id
