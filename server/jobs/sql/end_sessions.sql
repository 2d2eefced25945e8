-- Ends every session: a restored user has the session version of then, which a
-- token of before may hold.
update users set session_version = greatest(session_version + 1, $version)
