-- One row: how many deals meet the filter and what they come to.
-- with: filtered_deal
select
    cast(count(*) as bigint) as deals_n,
    cast(coalesce(sum(f.reporting_minor), 0) as bigint) as sum_minor,
    cast(coalesce(sum(case when f.reporting_minor is null then 1 else 0 end), 0) as bigint) as uncounted_n,
    cast(coalesce(sum(case when f.status = 'open' then 1 else 0 end), 0) as bigint) as open_n,
    cast(coalesce(sum(case when f.status = 'won' then 1 else 0 end), 0) as bigint) as won_n,
    cast(coalesce(sum(case when f.status = 'lost' then 1 else 0 end), 0) as bigint) as lost_n
from filtered_deal f
