-- One row per team.
create or replace table team as
select
    r.id as team_id,
    coalesce(t.name, r.id) as name,
    coalesce(pe.id, pa.id, '') as parent_team_id,
    coalesce(me.id, ma.id, '') as manager_rep_id,
    coalesce(t.region, '') as region
from teams t
join ref r on r.stream = 'teams' and r.source = t.source and r.source_id = t.source_id
left join ref pe on pe.stream = 'teams' and pe.source = t.source and pe.source_id = t.parent_team_id
left join ref_any pa on pa.stream = 'teams' and pa.source_id = t.parent_team_id
left join ref me on me.stream = 'reps' and me.source = t.source and me.source_id = t.manager_rep_id
left join ref_any ma on ma.stream = 'reps' and ma.source_id = t.manager_rep_id
where not t.deleted
