-- stage_odds: one row per pipeline and stage of work, and one per pipeline with
-- the stage '' for all its deals. chance_e6 is won ÷ decided among the deals
-- that ever reached it, in millionths; position orders the stages by when deals
-- reach them on average.
create or replace table stage_odds as
with reached as (
    select v.deal_id, v.pipeline, v.stage, min(v.entered_at) as entered_at
    from stage_visit v
    group by v.deal_id, v.pipeline, v.stage
),
stepped as (
    select
        r.deal_id, r.pipeline, r.stage,
        row_number() over (partition by r.deal_id order by r.entered_at, r.stage) as step
    from reached r
),
counted as (
    select
        s.pipeline, s.stage, 1e0 * sum(s.step) / count(*) as step,
        cast(sum(case when d.status in ('won', 'lost') then 1 else 0 end) as bigint) as decided_n,
        cast(sum(case when d.status = 'won' then 1 else 0 end) as bigint) as won_n
    from stepped s
    join deal d on d.deal_id = s.deal_id
    group by s.pipeline, s.stage
    union all
    select
        d.pipeline, '', 0e0,
        cast(sum(case when d.status in ('won', 'lost') then 1 else 0 end) as bigint),
        cast(sum(case when d.status = 'won' then 1 else 0 end) as bigint)
    from deal d
    group by d.pipeline
)
select
    cast(c.pipeline as varchar) as pipeline,
    cast(c.stage as varchar) as stage,
    cast(row_number() over (partition by c.pipeline order by c.step, c.stage) - 1 as bigint) as position,
    c.decided_n, c.won_n,
    cast(round(1e6 * c.won_n / nullif(c.decided_n, 0)) as bigint) as chance_e6
from counted c
