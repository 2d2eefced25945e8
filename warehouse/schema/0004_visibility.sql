-- Whose deals a user sees; filled by every refresh and every change to users.
create table visible_rep (
    user_id varchar not null,
    rep_id varchar not null
);
