-- One row a token of the user, the newest first.
select k.token_id, k.user_id, k.name, k.scopes, k.hash, k.created_at, k.expires_at, k.revoked_at
from api_token k
where k.user_id = $user_id
order by k.token_id desc
