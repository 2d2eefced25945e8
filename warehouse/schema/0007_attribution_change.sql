-- The attribution settings that somebody saved as the company's, with the
-- reason. The newest row holds until the next; before the first, and after one
-- that goes back to the file, the configuration's settings hold. Grain: one row
-- a change, never updated or deleted.
create table attribution_change (
    change_id bigint primary key,       -- from 1
    changed_at timestamp not null,
    user_id varchar not null,
    user_name varchar not null,         -- as it was then
    email varchar not null,             -- as it was then
    reason varchar not null,
    settings_before varchar not null,   -- JSON, in force until then
    settings_after varchar not null,    -- JSON, in force from then on
    settings_file varchar not null,     -- JSON, what the configuration said then
    to_file boolean not null            -- from then on what the configuration says, even when it is edited
);
