-- Who signs in, beyond name and password: the rep they are, an invitation not
-- yet used, tokens for scripts. Secrets are kept as hashes alone.

-- The rep a user is; null: the rep who has the user's e-mail.
alter table users add column rep_id varchar;
-- sha256 of the code in the newest invitation; null: none, or used.
alter table users add column invite_hash varchar;
alter table users add column invited_until timestamp;

-- That the first administrator exists. Grain: one row once it is so, for good:
-- the one-time set-up never opens again.
create table set_up (
    done_at timestamp not null
);
insert into set_up
select min(u.created_at)
from users u
where u.roles like '%admin%'
having count(*) > 0;

-- Grain: one row a token that somebody made for a script.
create table api_token (
    token_id varchar primary key,
    user_id varchar not null,
    name varchar not null,
    scopes varchar not null,          -- what it opens, joined by ;
    hash varchar not null,            -- sha256 of the secret
    created_at timestamp not null,
    expires_at timestamp not null,
    revoked_at timestamp              -- null: not revoked
);
