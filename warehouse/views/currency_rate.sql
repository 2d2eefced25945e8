-- One row per day, currency and source.
create or replace view said.currency_rate as
select x.day, x.currency, cast(cast(x.rate_e12 as decimal(19, 0)) * 0.000000000001 as decimal(31, 12)) as rate, x.source
from main.currency_rates x
where not x.deleted
