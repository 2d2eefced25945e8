-- A new user, once; whose e-mail is taken is not added.
insert into users (user_id, email, name, password_hash, roles, disabled, session_version, created_at)
select $user_id, $email, $name, $password_hash, $roles, false, 1, cast($now as timestamp)
where not exists (select u.user_id from users u where u.user_id = $user_id or u.email = $email)
