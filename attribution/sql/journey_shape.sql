-- What all touches of a journey share: how many, its last time, where its
-- milestones stand (0: missing), who came first. Grain: one row a deal with a
-- touch.
create or replace temp table journey_shape as
select
	s.deal_no,
	cast(count(*) as integer) as touches,
	max(s.occurred_at) as last_at,
	cast(max(case when s.nondirect then s.position else 0 end) as integer) as nondirect,
	cast(sum(case when s.occurred_at <= d.lead_at then 1 else 0 end) as integer) as lead_position,
	cast(sum(case when s.occurred_at <= d.created_at then 1 else 0 end) as integer) as creation_position,
	cast(case when min(d.status) = 'won' then count(*) else 0 end as integer) as close_position,
	max(case when s.position = 1 then s.person_id else '' end) as first_person_id
from step s
join deal_window d on d.deal_no = s.deal_no
group by s.deal_no
