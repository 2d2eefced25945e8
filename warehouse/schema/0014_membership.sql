-- Teams that reps were in before the one of today, as syncs found them to have
-- moved: one row a rep's record and team it left.
create table team_left (
    source varchar not null,
    source_id varchar not null,
    team_id varchar not null,
    left_at timestamp not null
);

-- Who was in which team when; filled by every refresh.
create table membership (
    rep_id varchar not null,
    team_id varchar not null,
    from_at timestamp not null,
    until_at timestamp not null,
    from_day date not null,
    until_day date not null,
    membership_id varchar not null
);

-- Deals tell from this version on in which team they were closed: what was
-- derived before is out of date, whatever program asks.
update generation set built_by = 'schema 14' where generation > 0;
