-- quota_day: one row per rep or team and working day: the day's part of the
-- quota in the reporting currency. Filled by Build.
create or replace table quota_day (
    grain varchar not null,
    key varchar not null,
    day date not null,
    reporting_minor bigint not null
)
