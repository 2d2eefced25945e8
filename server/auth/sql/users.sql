-- One row per user.
select u.user_id, u.email, u.name, u.roles, u.disabled, u.session_version, u.password_hash, coalesce(u.rep_id, ''), coalesce(u.invite_hash, ''), u.invited_until
from users u
order by u.email
