-- title: Deals won
-- unit: count
-- grain: one row per group
-- formula: number of deals won by close date
-- why: Says whether revenue rests on many deals or on a few.
-- source: deals: status, closed_at. By product a deal counts for each of its products.
-- good: up
-- by: company team manager rep product
-- empty: zero
-- rows: status=won&closed=period
-- with: decided
select d.key, null as minor, cast(d.won_n as double) as number, d.won_n as n, d.won_n + d.lost_n as of_n, 0 as uncounted, '' as note
from decided d
