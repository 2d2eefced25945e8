-- The priority of the first source of each repeated act id.
create or replace temporary table first_source as
select i.stream, i.source_id, min(k.priority) as priority
from repeated_id i
join (
    select 'activities' as stream, source, source_id from activities where not deleted
    union all
    select 'engagements' as stream, source, source_id from engagements where not deleted
    union all
    select 'visits' as stream, source, source_id from visits where not deleted
) x on x.stream = i.stream and x.source_id = i.source_id
join source_rank k on k.source = x.source
group by i.stream, i.source_id
