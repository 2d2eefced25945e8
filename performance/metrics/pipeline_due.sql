-- title: Pipeline due
-- unit: money
-- grain: one row per group
-- formula: sum of the amounts of open deals whose expected close lies in the period
-- why: What can still be won in time.
-- source: deals: status, expected_close_on, amount as they are known today
-- good: up
-- by: company team manager rep product
-- empty: zero
-- rows: status=open&due=period
-- with: pipeline
select p.key, p.due_minor as minor, null as number, p.due_n as n, p.open_n as of_n, p.due_uncounted_n as uncounted, '' as note
from pipeline p
