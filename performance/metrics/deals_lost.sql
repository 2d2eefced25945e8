-- title: Deals lost
-- unit: count
-- grain: one row per group
-- formula: number of deals lost by close date
-- why: Stands beside the deals won; the two make the win rate.
-- source: deals: status, closed_at. By product a deal counts for each of its products.
-- good: down
-- by: company team manager rep product
-- empty: zero
-- rows: status=lost&closed=period
-- with: decided
select d.key, null as minor, cast(d.lost_n as double) as number, d.lost_n as n, d.won_n + d.lost_n as of_n, 0 as uncounted, '' as note
from decided d
