-- Who did what, when, to what. Rows are added at the end and never changed: hash
-- is the sha256 of the row before and of this row's own content, so that a row
-- changed, dropped or put in between is found (`credence check`). Grain: one row
-- an event; seq runs from 1 without gaps. It has no key as a constraint: rows
-- are numbered under the one writer, and the chain tells a number used twice.
create table audit (
    seq bigint not null,
    happened_at timestamp not null,
    actor varchar not null,           -- user_id, 'command line', 'nobody' before a sign-in
    action varchar not null,
    object varchar not null,
    detail varchar not null,          -- JSON object of texts, names in order; ids, never names
    previous varchar not null,        -- hash of seq - 1; of seq 1 it is empty
    hash varchar not null
);

-- Where the old end of the log was cut off when its time was over. Grain: one
-- row a cut; the newest says where the chain begins.
create table audit_cut (
    seq bigint not null,              -- the last one removed
    hash varchar not null,            -- its hash
    cut_at timestamp not null
);
