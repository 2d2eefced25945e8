-- title: Pace
-- unit: share
-- grain: one row per group with a quota in the period
-- formula: won revenue ÷ (quota × working days gone ÷ working days of the period); 100 % is the straight line to quota
-- why: Attainment alone says nothing before the last day.
-- source: deals, quotas; working days are Monday to Friday in the company's time zone
-- good: up
-- by: company team rep
-- empty: none
-- rows: status=won&closed=period
-- with: against_quota
select
    a.key, null as minor,
    1e0 * a.won_minor / nullif(1e0 * a.quota_minor * a.days_gone / nullif(a.days, 0), 0) as number,
    a.won_n as n, a.won_n as of_n, a.uncounted_n as uncounted, '' as note
from against_quota a
