-- One row per deal, stage and time. What the source tells wins over what was
-- seen between syncs (ids that begin with "sync:").
create or replace table stage_change as
with change as (
    select
        coalesce(de.id, da.id) as deal_id, s.stage, s.changed_at,
        coalesce(re.id, ra.id, '') as rep_id,
        s.source_id like 'sync:%' as seen
    from stage_changes s
    left join ref de on de.stream = 'deals' and de.source = s.source and de.source_id = s.deal_id
    left join ref_any da on da.stream = 'deals' and da.source_id = s.deal_id
    left join ref re on re.stream = 'reps' and re.source = s.source and re.source_id = s.rep_id
    left join ref_any ra on ra.stream = 'reps' and ra.source_id = s.rep_id
    where not s.deleted and coalesce(de.id, da.id) is not null
),
told as (
    select c.deal_id
    from change c
    where not c.seen
    group by c.deal_id
)
select c.deal_id, c.stage, c.changed_at, max(c.rep_id) as rep_id
from change c
left join told t on t.deal_id = c.deal_id
where not c.seen or t.deal_id is null
group by c.deal_id, c.stage, c.changed_at
