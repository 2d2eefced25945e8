-- What was done to the database as a file: backups made, a backup restored, a
-- log that could not be replayed and was set aside. Grain: one row a deed,
-- never updated or deleted.
create table upkeep (
    done_at timestamp not null,
    deed varchar not null,              -- backup | restore | log set aside
    file varchar not null,              -- name without its folder
    bytes bigint not null,
    detail varchar not null             -- one sentence for people; may be empty
);
