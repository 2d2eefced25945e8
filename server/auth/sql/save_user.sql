-- Everything of a user that can change. A raised session version ends every
-- session of the user; it never falls.
update users set
    name = $name,
    password_hash = $password_hash,
    roles = $roles,
    disabled = $disabled,
    session_version = greatest(session_version, $session_version),
    rep_id = nullif($rep_id, ''),
    invite_hash = nullif($invite_hash, ''),
    invited_until = $invited_until
where user_id = $user_id
