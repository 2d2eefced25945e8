-- The rate of each currency from one day to the next known one, in units of the
-- reporting currency, which itself is always 1. Of several sources the first.
create or replace temporary table rate as
with one as (
    select
        c.day, upper(trim(c.currency)) as currency, c.rate_e12,
        row_number() over (partition by c.day, upper(trim(c.currency)) order by k.priority, c.source, c.source_id) as place
    from currency_rates c
    join source_rank k on k.source = c.source
    where not c.deleted and c.rate_e12 is not null
)
select
    o.currency, o.day as from_day,
    coalesce(lead(o.day) over (partition by o.currency order by o.day), cast('9999-12-31' as date)) as to_day,
    o.rate_e12
from one o
where o.place = 1 and o.currency <> $currency
union all
select $currency, cast('0001-01-01' as date), cast('9999-12-31' as date), cast(1000000000000 as bigint)
