-- title: Open pipeline
-- unit: money
-- grain: one row per group
-- formula: sum of the amounts of the deals open at the end of the period, or now while it runs
-- why: What is there to be won.
-- source: deals: status, created_at, closed_at, amount as it is known today
-- good: up
-- by: company team manager rep product
-- empty: zero
-- rows: status=open
-- with: pipeline
select p.key, p.open_minor as minor, null as number, p.open_n as n, p.open_n as of_n, p.uncounted_n as uncounted, '' as note
from pipeline p
