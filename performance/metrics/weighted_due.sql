-- title: Weighted pipeline due
-- unit: money
-- grain: one row per group
-- formula: sum over open deals due in the period of amount × chance to win of the deal's stage
-- why: What is left of the pipeline due if deals go on as they went so far. No word on whether they close in time.
-- source: as weighted_pipeline
-- good: up
-- by: company team manager rep product
-- empty: zero
-- rows: status=open&due=period
-- with: pipeline
select
    p.key,
    case when p.due_weighted_n > 0 or p.due_n = 0 then p.due_weighted_minor end as minor,
    null as number, p.due_weighted_n as n, p.due_n as of_n, p.due_n - p.due_weighted_n as uncounted, '' as note
from pipeline p
