-- One row per post and day: of several sources the first.
create or replace table post_metric as
with placed as (
    select
        coalesce(pe.id, pa.id) as post_id, m.day, m.impressions, m.reactions, m.comments, m.shares, m.clicks,
        row_number() over (partition by coalesce(pe.id, pa.id), m.day order by k.priority, m.source, m.source_id) as place
    from post_metrics m
    join source_rank k on k.source = m.source
    left join ref pe on pe.stream = 'posts' and pe.source = m.source and pe.source_id = m.post_id
    left join ref_any pa on pa.stream = 'posts' and pa.source_id = m.post_id
    where not m.deleted
)
select p.post_id, p.day, p.impressions, p.reactions, p.comments, p.shares, p.clicks
from placed p
where p.place = 1 and p.post_id is not null
