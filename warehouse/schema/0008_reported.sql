-- What was reported: the ledger of a closed quarter as it stood, for good. A
-- quarter that is closed again keeps the versions before; the newest is "as
-- reported". Nothing here is ever updated but by an erasure, which sets
-- person_id and records of reported_person to null and leaves the rest: those
-- two columns are all that says who somebody was. Without them the money stays.
--
-- closing is the id of a row of closed_period. Only it has a key as a
-- constraint: the others are written once, from tables with keys of their own,
-- and `credence check` looks for rows that stand twice.

-- Grain: one row a closing.
create table closed_period (
    closing bigint primary key,         -- from 1
    period varchar not null,            -- 2026Q3
    version bigint not null,            -- of the period, from 1
    from_at timestamp not null,
    to_at timestamp not null,
    closed_at timestamp not null,
    user_id varchar not null,
    user_name varchar not null,         -- as it was then
    email varchar not null,             -- as it was then
    reason varchar not null,            -- of a second version; of the first it may be empty
    settings varchar not null,          -- JSON, that the ledger was made with
    models varchar not null,            -- ids joined by commas, all of which are kept
    currency varchar not null,          -- of reporting_minor
    generation bigint not null,
    refreshed_at timestamp not null,    -- of the generation: later records are later data
    unique (period, version)
);

-- Everybody who had a touch then. records is a fingerprint of the contacts behind
-- the person, by which a merge or a split is recognised. Grain: one row a closing
-- and person.
create table reported_person (
    closing bigint not null,
    person_no bigint not null,          -- means nothing outside its closing
    person_id varchar,                  -- null: erased
    records varchar                     -- null: erased
);

-- The won deals of the period. Grain: one row a closing and deal.
create table reported_deal (
    closing bigint not null,
    deal_id varchar not null,
    account_id varchar not null,
    owner_rep_id varchar not null,
    created_at timestamp,
    closed_at timestamp,
    lead_at timestamp,
    amount_minor bigint,
    currency varchar,
    reporting_minor bigint              -- null: no rate
);

-- Their journeys. Grain: one row a closing, deal and touch.
create table reported_touch (
    closing bigint not null,
    deal_id varchar not null,
    position integer not null,
    touch_id varchar not null,
    person_no bigint,                   -- of reported_person; null: nobody known
    occurred_at timestamp not null,
    kind varchar not null,
    channel varchar not null,
    campaign_id varchar not null,
    post_id varchar not null,
    rep_id varchar not null,
    evidence varchar not null,
    bucket varchar not null,
    withheld boolean not null
);

-- Their ledger under every model. Grain: one row a closing, model, deal and
-- touch with weight, one for what was withheld, one for what was unattributed;
-- of these two touch_id is empty.
create table reported_credit (
    closing bigint not null,
    model varchar not null,
    deal_id varchar not null,
    position integer not null,
    touch_id varchar not null,
    bucket varchar not null,
    weight double not null,
    amount_minor bigint not null,
    reporting_minor bigint
);
