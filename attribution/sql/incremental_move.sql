-- Every deal leaving a stage: the first time it enters each stage after its
-- creation, and its close. Grain: one row a deal and move.
-- Where journeys stands below, the deals may be only those of deal_window.
with entered as (
	select s.deal_id, min(s.changed_at) as moved_at, true as forward
	from stage_change s
	join deal d on d.deal_id = s.deal_id
	where s.changed_at > d.created_at and (d.closed_at is null or s.changed_at < d.closed_at)/*journeys*/
	group by s.deal_id, s.stage
	union all
	select d.deal_id, d.closed_at, d.status = 'won'
	from deal d
	where d.status in ('won', 'lost') and d.closed_at is not null and d.closed_at >= d.created_at/*journeys*/
)
select
	e.deal_id, cast(date_diff('day', timestamp '1970-01-01 00:00:00', e.moved_at) as integer) as day,
	cast(row_number() over (partition by e.deal_id order by e.moved_at, e.forward desc) - 1 as integer) as stage, e.forward
from entered e
