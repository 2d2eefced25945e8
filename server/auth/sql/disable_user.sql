-- A raised session version ends every session of the user.
update users set disabled = true, session_version = session_version + 1 where email = $email
