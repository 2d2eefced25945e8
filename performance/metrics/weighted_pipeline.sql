-- title: Weighted pipeline
-- unit: money
-- grain: one row per group
-- formula: sum over open deals of amount × chance to win of the deal's stage
-- why: What the pipeline brings if deals go on as they went so far.
-- source: deals, stage_changes. Chance of a stage: won ÷ decided among all deals that ever reached it, from 20 decided on; else the CRM's probability; else the win rate of the pipeline
-- good: up
-- by: company team manager rep product
-- empty: zero
-- rows: status=open
-- with: pipeline
select
    p.key,
    case when p.weighted_n > 0 or p.open_n = 0 then p.weighted_minor end as minor,
    null as number, p.weighted_n as n, p.open_n as of_n, p.open_n - p.weighted_n as uncounted, '' as note
from pipeline p
