-- title: Win rate
-- unit: share
-- grain: one row per group
-- formula: won ÷ (won + lost), deals by close date
-- why: How many of the decisions go our way; open deals do not count, however old.
-- source: deals: status, closed_at. By product a deal counts for each of its products.
-- good: up
-- by: company team manager rep product
-- empty: none
-- rows: status=decided&closed=period
-- with: decided
select
    d.key, null as minor,
    1e0 * d.won_n / nullif(d.won_n + d.lost_n, 0) as number,
    d.won_n as n, d.won_n + d.lost_n as of_n, 0 as uncounted, '' as note
from decided d
