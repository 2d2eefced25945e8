-- Every currency that anything is priced in.
select distinct upper(trim(x.currency)) as code
from (
    select currency from deals
    union all
    select currency from products
    union all
    select currency from campaigns
    union all
    select currency from spend_records
    union all
    select currency from quotas
    union all
    select currency from currency_rates
    union all
    select $currency as currency
) x
where x.currency is not null
order by 1
