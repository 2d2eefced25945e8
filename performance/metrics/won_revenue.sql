-- title: Won revenue
-- unit: money
-- grain: one row per group
-- formula: sum of the amounts of won deals by close date, at the rate of the closing day
-- why: The number a quota is set against.
-- source: deals: status, amount, currency, closed_at; currency_rates. By product a deal is shared by the value of its line items.
-- good: up
-- by: company team manager rep product
-- empty: zero
-- rows: status=won&closed=period
-- with: decided
select d.key, d.won_minor as minor, null as number, d.won_n as n, d.won_n as of_n, d.uncounted_n as uncounted, '' as note
from decided d
