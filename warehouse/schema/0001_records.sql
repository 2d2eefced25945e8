-- Records as their sources delivered them: one table a stream of records.go,
-- one row a record, unique by (source, source_id). A stream with one key column
-- keeps it as source_id (deals: source_id is the deal_id); with several, the
-- columns stand beside it. Uniqueness is kept by the merge from staging and
-- verified by `credence check`: a unique constraint would cost an in-memory
-- index over every row. No secondary index anywhere: after a crash the engine
-- answers wrongly from one.

create table reps (
    source varchar not null,
    source_id varchar not null,
    name varchar,
    email varchar,
    team_id varchar,
    title varchar,
    region varchar,
    started_on date,
    ended_on date,
    updated_at timestamp,
    synced_at timestamp not null,
    deleted boolean not null
);

create table teams (
    source varchar not null,
    source_id varchar not null,
    name varchar,
    parent_team_id varchar,
    manager_rep_id varchar,
    region varchar,
    updated_at timestamp,
    synced_at timestamp not null,
    deleted boolean not null
);

create table accounts (
    source varchar not null,
    source_id varchar not null,
    name varchar,
    domain varchar,
    parent_account_id varchar,
    industry varchar,
    employees bigint,
    country varchar,
    region varchar,
    segment varchar,
    updated_at timestamp,
    synced_at timestamp not null,
    deleted boolean not null
);

create table contacts (
    source varchar not null,
    source_id varchar not null,
    account_id varchar,
    name varchar,
    email varchar,
    phone varchar,
    title varchar,
    seniority varchar,
    handle varchar,
    lead_created_at timestamp,
    opted_out boolean,
    lawful_basis varchar,
    updated_at timestamp,
    synced_at timestamp not null,
    deleted boolean not null
);

create table deals (
    source varchar not null,
    source_id varchar not null,
    account_id varchar,
    primary_contact_id varchar,
    owner_rep_id varchar,
    name varchar,
    pipeline varchar,
    stage varchar,
    status varchar,
    type varchar,
    deal_source varchar,
    amount_minor bigint,
    currency varchar,
    created_at timestamp,
    expected_close_on date,
    closed_at timestamp,
    updated_at timestamp,
    forecast_category varchar,
    probability double,
    lost_reason varchar,
    region varchar,
    segment varchar,
    synced_at timestamp not null,
    deleted boolean not null
);

create table deal_contacts (
    source varchar not null,
    source_id varchar not null,
    deal_id varchar,
    contact_id varchar,
    role varchar,
    updated_at timestamp,
    synced_at timestamp not null,
    deleted boolean not null
);

create table stage_changes (
    source varchar not null,
    source_id varchar not null,
    deal_id varchar,
    stage varchar,
    changed_at timestamp,
    rep_id varchar,
    updated_at timestamp,
    synced_at timestamp not null,
    deleted boolean not null
);

create table products (
    source varchar not null,
    source_id varchar not null,
    name varchar,
    list_price_minor bigint,
    unit_cost_minor bigint,
    currency varchar,
    updated_at timestamp,
    synced_at timestamp not null,
    deleted boolean not null
);

create table line_items (
    source varchar not null,
    source_id varchar not null,
    deal_id varchar,
    product_id varchar,
    quantity_micro bigint,
    unit_price_micro bigint,
    discount_percent double,
    unit_cost_micro bigint,
    updated_at timestamp,
    synced_at timestamp not null,
    deleted boolean not null
);

create table activities (
    source varchar not null,
    source_id varchar not null,
    kind varchar,
    direction varchar,
    occurred_at timestamp,
    rep_id varchar,
    contact_id varchar,
    email varchar,
    deal_id varchar,
    thread_id varchar,
    uid varchar,
    duration_s bigint,
    length bigint,
    outcome varchar,
    updated_at timestamp,
    synced_at timestamp not null,
    deleted boolean not null
);

create table activity_people (
    source varchar not null,
    source_id varchar not null,
    activity_id varchar,
    contact_id varchar,
    email varchar,
    role varchar,
    updated_at timestamp,
    synced_at timestamp not null,
    deleted boolean not null
);

create table posts (
    source varchar not null,
    source_id varchar not null,
    network varchar,
    author_rep_id varchar,
    author varchar,
    campaign_id varchar,
    published_at timestamp,
    url varchar,
    kind varchar,
    title varchar,
    updated_at timestamp,
    synced_at timestamp not null,
    deleted boolean not null
);

create table post_metrics (
    source varchar not null,
    source_id varchar not null,
    post_id varchar,
    day date,
    impressions bigint,
    reactions bigint,
    comments bigint,
    shares bigint,
    clicks bigint,
    updated_at timestamp,
    synced_at timestamp not null,
    deleted boolean not null
);

create table engagements (
    source varchar not null,
    source_id varchar not null,
    kind varchar,
    occurred_at timestamp,
    contact_id varchar,
    email varchar,
    handle varchar,
    visitor_id varchar,
    post_id varchar,
    campaign_id varchar,
    rep_id varchar,
    click_id varchar,
    url varchar,
    evidence varchar,
    updated_at timestamp,
    synced_at timestamp not null,
    deleted boolean not null
);

create table visits (
    source varchar not null,
    source_id varchar not null,
    occurred_at timestamp,
    visitor_id varchar,
    contact_id varchar,
    email varchar,
    landing_url varchar,
    referrer varchar,
    utm_source varchar,
    utm_medium varchar,
    utm_campaign varchar,
    utm_content varchar,
    utm_term varchar,
    click_id varchar,
    updated_at timestamp,
    synced_at timestamp not null,
    deleted boolean not null
);

create table web_daily (
    source varchar not null,
    source_id varchar not null,
    day date,
    channel varchar,
    campaign_id varchar,
    landing_url varchar,
    sessions bigint,
    conversions bigint,
    updated_at timestamp,
    synced_at timestamp not null,
    deleted boolean not null
);

create table campaigns (
    source varchar not null,
    source_id varchar not null,
    name varchar,
    channel varchar,
    started_on date,
    ended_on date,
    budget_minor bigint,
    currency varchar,
    updated_at timestamp,
    synced_at timestamp not null,
    deleted boolean not null
);

create table campaign_metrics (
    source varchar not null,
    source_id varchar not null,
    day date,
    campaign_id varchar,
    impressions bigint,
    clicks bigint,
    leads bigint,
    updated_at timestamp,
    synced_at timestamp not null,
    deleted boolean not null
);

-- The table of the stream "spend"; "spend" itself is derived from it.
create table spend_records (
    source varchar not null,
    source_id varchar not null,
    day date,
    channel varchar,
    campaign_id varchar,
    amount_minor bigint,
    currency varchar,
    kind varchar,
    updated_at timestamp,
    synced_at timestamp not null,
    deleted boolean not null
);

create table quotas (
    source varchar not null,
    source_id varchar not null,
    rep_id varchar,
    team_id varchar,
    period varchar,
    amount_minor bigint,
    currency varchar,
    updated_at timestamp,
    synced_at timestamp not null,
    deleted boolean not null
);

create table currency_rates (
    source varchar not null,
    source_id varchar not null,
    day date,
    currency varchar,
    rate_e12 bigint,
    updated_at timestamp,
    synced_at timestamp not null,
    deleted boolean not null
);

