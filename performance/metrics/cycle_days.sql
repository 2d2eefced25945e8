-- title: Sales cycle, median
-- unit: days
-- grain: one row per group
-- formula: median of the calendar days from creation to close of won deals, by close date
-- why: Half of the won deals took less. A median, because one deal of two years would move an average.
-- source: deals: created_at, closed_at; deals created after their close are left out
-- good: down
-- by: company team manager rep product
-- empty: none
-- rows: status=won&closed=period
-- with: decided
select d.key, null as minor, cast(d.cycle_days as double) as number, d.cycle_n as n, d.won_n as of_n, 0 as uncounted, '' as note
from decided d
