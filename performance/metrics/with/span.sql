-- The period asked for, as far as it has come. A sheet of several periods puts
-- one row per period here; the text in span then begins every key of its groups.
select
    '' as span,
    cast($from as timestamp) as from_at, cast($until as timestamp) as until_at,
    cast($from_day as date) as from_day, cast($to_day as date) as to_day,
    cast($days as bigint) as days, cast($days_gone as bigint) as days_gone
