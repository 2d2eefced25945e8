-- title: Average deal
-- unit: money
-- grain: one row per group
-- formula: won revenue ÷ won deals that have an amount in the reporting currency
-- why: Larger deals and more deals are different work.
-- source: deals: amount, currency, closed_at
-- good: up
-- by: company team manager rep product
-- empty: none
-- rows: status=won&closed=period
-- with: decided
select
    d.key,
    cast(round(1e0 * d.won_minor / nullif(d.known_n, 0)) as bigint) as minor,
    null as number, d.known_n as n, d.won_n as of_n, d.uncounted_n as uncounted, '' as note
from decided d
