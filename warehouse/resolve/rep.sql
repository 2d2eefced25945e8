-- One row per rep; what the first source does not say the next one may.
create or replace table rep as
with record as (
    select
        r.id, r.priority, p.name, p.email, p.title, p.region, p.started_on, p.ended_on,
        coalesce(te.id, ta.id) as team_id
    from reps p
    join ref r on r.stream = 'reps' and r.source = p.source and r.source_id = p.source_id
    left join ref te on te.stream = 'teams' and te.source = p.source and te.source_id = p.team_id
    left join ref_any ta on ta.stream = 'teams' and ta.source_id = p.team_id
    where not p.deleted
)
select
    r.id as rep_id,
    coalesce(min_by(r.name, r.priority) filter (where r.name is not null), r.id) as name,
    coalesce(min_by(lower(trim(r.email)), r.priority) filter (where r.email is not null), '') as email,
    coalesce(min_by(r.team_id, r.priority) filter (where r.team_id is not null), '') as team_id,
    coalesce(min_by(r.title, r.priority) filter (where r.title is not null), '') as title,
    coalesce(min_by(r.region, r.priority) filter (where r.region is not null), '') as region,
    min_by(r.started_on, r.priority) filter (where r.started_on is not null) as started_on,
    min_by(r.ended_on, r.priority) filter (where r.ended_on is not null) as ended_on
from record r
group by r.id
