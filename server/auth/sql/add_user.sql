-- A new user; the e-mail is unique by the table's constraint.
insert into users (user_id, email, name, password_hash, roles, disabled, session_version, created_at)
values ($user_id, $email, $name, $password_hash, $roles, false, 1, $now)
