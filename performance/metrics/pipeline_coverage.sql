-- title: Pipeline coverage
-- unit: ratio
-- grain: one row per group with a quota in the period
-- formula: open pipeline ÷ (quota − won revenue); "reached" once won ≥ quota
-- why: With a win rate of a third the gap needs about three times its size in pipeline.
-- source: deals, quotas
-- good: up
-- by: company team rep
-- empty: none
-- rows: status=open
-- with: against_quota, pipeline
select
    a.key, null as minor,
    case when a.won_minor < a.quota_minor
        then 1e0 * coalesce(p.open_minor, 0) / (a.quota_minor - a.won_minor) end as number,
    coalesce(p.open_n, 0) as n, coalesce(p.open_n, 0) as of_n, coalesce(p.uncounted_n, 0) as uncounted,
    case when a.won_minor >= a.quota_minor then 'reached' else '' end as note
from against_quota a
left join pipeline p on p.key = a.key
