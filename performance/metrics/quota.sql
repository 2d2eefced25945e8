-- title: Quota
-- unit: money
-- grain: one row per group with a quota in the period
-- formula: the quotas of the period; a longer one gives the share of its working days that lie in the period, the shortest kind wins for its days; a team has its own row, else the sum of its reps and teams
-- why: The number won revenue is held against.
-- source: quotas, currency_rates
-- good: none
-- by: company team rep
-- empty: none
-- with: quota_sum
select q.key, q.quota_minor as minor, null as number, 0 as n, 0 as of_n, 0 as uncounted, '' as note
from quota_sum q
