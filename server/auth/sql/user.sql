-- The one user with this id or e-mail.
select u.user_id, u.email, u.name, u.roles, u.disabled, u.session_version, u.password_hash, coalesce(u.rep_id, ''), coalesce(u.invite_hash, ''), u.invited_until
from users u
where u.user_id = $user_id or u.email = $email
