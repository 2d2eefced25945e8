-- What a tag may say for a campaign: its id as it is, its name trimmed and
-- case-folded. A name that two campaigns have means neither.
create or replace temporary table campaign_key as
with named as (
    select lower(trim(r.name)) as key, min(f.id) as campaign_id
    from campaigns r
    join ref f on f.stream = 'campaigns' and f.source = r.source and f.source_id = r.source_id
    where not r.deleted and r.name is not null
    group by lower(trim(r.name))
    having count(distinct f.id) = 1
)
select a.source_id as key, a.id as campaign_id, 'id' as kind
from ref_any a
where a.stream = 'campaigns'
union all
select n.key, n.campaign_id, 'name' as kind
from named n
