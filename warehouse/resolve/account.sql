-- One row per account; what the first source does not say the next one may.
create or replace table account as
with record as (
    select
        r.id, r.priority, r.source_id, a.name, d.domain, a.industry, a.employees, a.country, a.region, a.segment,
        coalesce(pe.id, pa.id) as parent_account_id
    from accounts a
    join ref r on r.stream = 'accounts' and r.source = a.source and r.source_id = a.source_id
    left join record_domain d on d.source = a.source and d.source_id = a.source_id
    left join ref pe on pe.stream = 'accounts' and pe.source = a.source and pe.source_id = a.parent_account_id
    left join ref_any pa on pa.stream = 'accounts' and pa.source_id = a.parent_account_id
    where not a.deleted
),
ordered as (
    select r.*, row_number() over (partition by r.id order by r.priority, r.source_id) as place
    from record r
)
select
    o.id as account_id,
    coalesce(min_by(o.name, o.place) filter (where o.name is not null), o.id) as name,
    coalesce(min_by(o.domain, o.place) filter (where o.domain is not null), '') as domain,
    coalesce(min_by(o.parent_account_id, o.place) filter (where o.parent_account_id is not null), '') as parent_account_id,
    coalesce(min_by(o.industry, o.place) filter (where o.industry is not null), '') as industry,
    min_by(o.employees, o.place) filter (where o.employees is not null) as employees,
    coalesce(min_by(o.country, o.place) filter (where o.country is not null), '') as country,
    coalesce(min_by(o.region, o.place) filter (where o.region is not null), '') as region,
    coalesce(min_by(o.segment, o.place) filter (where o.segment is not null), '') as segment
from ordered o
group by o.id
