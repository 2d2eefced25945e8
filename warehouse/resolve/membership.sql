-- Who was in which team when: one row a rep and stay in a team, half-open. The
-- first stay began with time and the last has not ended; a team that is gone left
-- its stays to the one that followed. membership_id is the rep in that team, however
-- often: in the team of today the rep's own id, in one the rep left an id that no
-- rep has. Deals belong to one of them, and who sees which is visible_rep.
create or replace table membership as
with record as (
    select
        r.id as rep_id, p.source, p.source_id,
        row_number() over (
            partition by r.id
            order by case when te.id is not null or ta.id is not null then 0 else 1 end, r.priority, p.source, p.source_id) as nth
    from reps p
    join ref r on r.stream = 'reps' and r.source = p.source and r.source_id = p.source_id
    left join ref te on te.stream = 'teams' and te.source = p.source and te.source_id = p.team_id
    left join ref_any ta on ta.stream = 'teams' and ta.source_id = p.team_id
    where not p.deleted
),
past as (
    select r.rep_id, coalesce(te.id, ta.id) as team_id, l.left_at
    from record r
    join team_left l on l.source = r.source and l.source_id = r.source_id
    left join ref te on te.stream = 'teams' and te.source = l.source and te.source_id = l.team_id
    left join ref_any ta on ta.stream = 'teams' and ta.source_id = l.team_id
    where r.nth = 1 and coalesce(te.id, ta.id) is not null
),
stay as (
    select p.rep_id, p.team_id, lag(p.left_at) over (partition by p.rep_id order by p.left_at) as from_at, p.left_at as until_at
    from past p
    union all
    select r.rep_id, r.team_id, l.left_at, null
    from rep r
    left join (
        select p.rep_id, max(p.left_at) as left_at
        from past p
        group by p.rep_id
    ) l on l.rep_id = r.rep_id
)
select
    s.rep_id, s.team_id,
    coalesce(s.from_at, timestamp '0001-01-01 00:00:00') as from_at,
    coalesce(s.until_at, timestamp '9999-12-31 00:00:00') as until_at,
    coalesce(cast(s.from_at + cf.offset_s * interval '1' second as date), date '0001-01-01') as from_day,
    coalesce(cast(s.until_at + cu.offset_s * interval '1' second as date), date '9999-12-31') as until_day,
    case when s.team_id = r.team_id then r.rep_id else r.rep_id || chr(31) || s.team_id end as membership_id
from stay s
join rep r on r.rep_id = s.rep_id
left join company_clock cf on s.from_at >= cf.from_at and s.from_at < cf.to_at
left join company_clock cu on s.until_at >= cu.from_at and s.until_at < cu.to_at
