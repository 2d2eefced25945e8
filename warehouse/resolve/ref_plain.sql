-- One row per record that others refer to, with its public id: the source's
-- own, or source:id when an earlier source has the same id.
create or replace temporary table ref_plain as
with record as (
    select 'reps' as stream, source, source_id from reps where not deleted
    union all
    select 'teams' as stream, source, source_id from teams where not deleted
    union all
    select 'accounts' as stream, source, source_id from accounts where not deleted
    union all
    select 'contacts' as stream, source, source_id from contacts where not deleted
    union all
    select 'deals' as stream, source, source_id from deals where not deleted
    union all
    select 'products' as stream, source, source_id from products where not deleted
    union all
    select 'campaigns' as stream, source, source_id from campaigns where not deleted
    union all
    select 'campaigns' as stream, s.source, s.campaign_id as source_id
    from spend_records s
    where not s.deleted and s.campaign_id is not null
      and s.campaign_id not in (select c.source_id from campaigns c where not c.deleted)
    group by s.source, s.campaign_id
    union all
    select 'posts' as stream, source, source_id from posts where not deleted
)
select
    r.stream, r.source, r.source_id, k.priority,
    row_number() over (partition by r.stream, r.source_id order by k.priority, r.source) as place
from record r
join source_rank k on k.source = r.source
