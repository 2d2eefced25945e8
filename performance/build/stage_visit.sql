-- stage_visit: one row per stay of a deal in a stage of work. A stage in which
-- no deal is open and which no deal ever left is an ending ("Won", "Closed
-- Lost"), not a stage of work, and has no rows. An open deal without history
-- stands in its present stage since its creation. left_at is null while the
-- deal is there.
create or replace table stage_visit as
with change as (
    select s.deal_id, s.stage, s.changed_at,
        lag(s.stage) over (partition by s.deal_id order by s.changed_at, s.stage) as before
    from stage_change s
    where s.stage <> ''
),
entry as (
    select c.deal_id, c.stage, c.changed_at as entered_at
    from change c
    where c.before is null or c.before <> c.stage
    union all
    select d.deal_id, d.stage, d.created_at
    from deal d
    where d.status = 'open' and d.stage <> '' and d.created_at is not null
      and not exists (select 1 from stage_change s where s.deal_id = d.deal_id and s.stage <> '')
),
stay as (
    select
        e.deal_id, d.pipeline, e.stage, e.entered_at, d.status, d.closed_at,
        lead(e.entered_at) over (partition by e.deal_id order by e.entered_at, e.stage) as next_at
    from entry e
    join deal d on d.deal_id = e.deal_id
),
working as (
    select s.pipeline, s.stage
    from stay s
    where s.next_at is not null or s.status = 'open'
    group by s.pipeline, s.stage
)
select
    cast(s.deal_id as varchar) as deal_id,
    cast(s.pipeline as varchar) as pipeline,
    cast(s.stage as varchar) as stage,
    cast(s.entered_at as timestamp) as entered_at,
    cast(coalesce(s.next_at, case when s.status <> 'open' then greatest(s.closed_at, s.entered_at) end) as timestamp) as left_at
from stay s
join working w on w.pipeline = s.pipeline and w.stage = s.stage
