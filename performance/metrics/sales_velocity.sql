-- title: Sales velocity
-- unit: money per day
-- grain: one row per group
-- formula: open deals × win rate × average won deal ÷ median cycle days
-- why: Revenue a day the pipeline yields at today's habits; it moves when any of its four parts moves.
-- source: deals; the four parts as defined under open pipeline, win rate, average deal and sales cycle
-- good: up
-- by: company team manager rep product
-- empty: none
-- rows: status=open
-- with: decided, pipeline
select
    d.key,
    cast(round(
        (1e0 * p.open_n)
        * (1e0 * d.won_n / nullif(d.won_n + d.lost_n, 0))
        * (1e0 * d.won_minor / nullif(d.known_n, 0))
        / nullif(cast(d.cycle_days as double), 0)) as bigint) as minor,
    null as number, p.open_n as n, p.open_n as of_n, p.uncounted_n as uncounted, '' as note
from decided d
join pipeline p on p.key = d.key
