-- What the program itself keeps: one row each of generation, the state of each
-- source, its runs with their files and rejected rows, users, and the choices
-- that must outlive a refresh.

create table generation (
    generation bigint not null,
    refreshed_at timestamp
);
insert into generation values (0, null);

-- The cursor moves in the transaction that stores the batch.
create table source_state (
    source varchar primary key,
    kind varchar not null,
    priority integer not null,
    cursor varchar not null,
    synced_at timestamp
);

create table run (
    run_id bigint primary key,
    source varchar not null,
    kind varchar not null,
    started_at timestamp not null,
    finished_at timestamp,
    status varchar not null,          -- done|failed
    rows_read bigint not null,
    rows_kept bigint not null,
    rows_rejected bigint not null,
    records_changed bigint not null,  -- inserted or updated
    message varchar                   -- why it failed, one sentence
);

create table run_file (
    run_id bigint not null,
    source varchar not null,
    file varchar not null,
    rows_read bigint not null,
    rows_kept bigint not null,
    rows_rejected bigint not null
);

-- The rejected rows of the last reading of each file.
create table rejected_row (
    run_id bigint not null,
    source varchar not null,
    file varchar not null,
    line bigint not null,
    field varchar not null,
    reason varchar not null,
    row_text varchar not null
);

-- The rate of a deal is fixed once, at the first refresh after its close.
create table deal_rate (
    deal_id varchar primary key,
    currency varchar not null,
    reporting_currency varchar not null,
    rate_e12 bigint not null,
    rate_day date not null
);

create table users (
    user_id varchar primary key,
    email varchar not null unique,
    name varchar not null,
    password_hash varchar not null,
    roles varchar not null,           -- rep;manager;cmo;admin
    disabled boolean not null,
    session_version bigint not null,
    created_at timestamp not null
);
