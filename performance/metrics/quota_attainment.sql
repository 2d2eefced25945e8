-- title: Quota attained
-- unit: share
-- grain: one row per group with a quota in the period
-- formula: won revenue ÷ quota of the whole period
-- why: How much of the number is in.
-- source: deals, quotas
-- good: up
-- by: company team rep
-- empty: none
-- rows: status=won&closed=period
-- with: against_quota
select
    a.key, null as minor,
    1e0 * a.won_minor / nullif(a.quota_minor, 0) as number,
    a.won_n as n, a.won_n as of_n, a.uncounted_n as uncounted, '' as note
from against_quota a
