-- One row per campaign and day: of several sources the first.
create or replace table campaign_metric as
with placed as (
    select
        coalesce(ce.id, ca.id) as campaign_id, m.day, m.impressions, m.clicks, m.leads,
        row_number() over (partition by coalesce(ce.id, ca.id), m.day order by k.priority, m.source, m.source_id) as place
    from campaign_metrics m
    join source_rank k on k.source = m.source
    left join ref ce on ce.stream = 'campaigns' and ce.source = m.source and ce.source_id = m.campaign_id
    left join ref_any ca on ca.stream = 'campaigns' and ca.source_id = m.campaign_id
    where not m.deleted
)
select p.campaign_id, p.day, p.impressions, p.clicks, p.leads
from placed p
where p.place = 1 and p.campaign_id is not null
