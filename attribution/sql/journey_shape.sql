-- What all touches of a journey share: how many, the first row and the last age,
-- where its milestones stand (0: missing), who came first, the money. Grain: one
-- row a deal with a touch.
create or replace temp table journey_shape as
with counted as (
	select
		p.deal_no, count(*) as touches, min(p.row_no) as first_row, min(p.closed_age) as last_age,
		max(case when p.direct then 0 else p.row_no + 1 end) as after_nondirect,
		sum(case when p.before_lead then 1 else 0 end) as lead_position,
		sum(case when p.before_creation then 1 else 0 end) as creation_position,
		min_by(p.person_no, p.row_no) as first_person_no,
		max(case when p.withheld then 1 else 0 end) = 1 as withheld
	from numbered_path p
	group by p.deal_no
)
select
	c.deal_no, cast(c.touches as integer) as touches, c.first_row, c.last_age,
	cast(case when c.after_nondirect = 0 then 0 else c.after_nondirect - c.first_row end as integer) as nondirect,
	cast(c.lead_position as integer) as lead_position, cast(c.creation_position as integer) as creation_position,
	cast(case when d.status = 'won' then c.touches else 0 end as integer) as close_position,
	c.first_person_no, c.withheld,
	case when d.status = 'won' then d.amount_minor end as amount_minor,
	case when d.status = 'won' and d.amount_minor is not null then d.reporting_minor end as reporting_minor
from counted c
join deal_window d on d.deal_no = c.deal_no
