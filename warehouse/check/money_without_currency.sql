-- a currency is no code of three capital letters
select count(*), coalesce(min(x.thing), '')
from (
    select 'deals ' || source_id as thing, currency from deals where amount_minor is not null
    union all
    select 'spend ' || source_id as thing, currency from spend_records
    union all
    select 'quotas ' || source_id as thing, currency from quotas
) x
where x.currency is not null and (length(x.currency) <> 3 or x.currency <> upper(x.currency))
