-- a time is not in whole seconds
select count(*), coalesce(min(x.thing), '')
from (
    select 'activities ' || source_id as thing, occurred_at as t from activities
    union all
    select 'engagements ' || source_id as thing, occurred_at as t from engagements
    union all
    select 'visits ' || source_id as thing, occurred_at as t from visits
    union all
    select 'deals ' || source_id as thing, created_at as t from deals
    union all
    select 'deals ' || source_id as thing, closed_at as t from deals
    union all
    select 'stage_changes ' || source_id as thing, changed_at as t from stage_changes
) x
where x.t <> date_trunc('second', x.t)
