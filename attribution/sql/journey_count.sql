-- What all touches of a journey share: how many, the last age, where its
-- milestones stand (0: missing), its last touch that is not Direct or else its
-- last, its first touch, and the money. first_person is the order and the person of
-- the first in one number, whose least is found faster than the person of the least.
-- Grain: one row a deal with a touch.
create or replace temp view journey_count as
with counted as (
	select
		p.deal_no, count(*) as touches, min(p.closed_age) as last_age,
		coalesce(max(case when not p.direct then p.touch_no end), max(p.touch_no)) as nondirect_touch_no,
		count_if(p.before_lead) as lead_position,
		count_if(p.before_creation) as creation_position,
		min(/*order*/) as first_order,
		min(cast(/*order*/ as hugeint) * 18446744073709551616 + p.person_key) as first_person,
		max(p.withheld) as withheld
	from path p
	group by p.deal_no
)
select
	c.deal_no, cast(c.touches as integer) as touches, c.last_age, c.nondirect_touch_no,
	cast(c.lead_position as integer) as lead_position, cast(c.creation_position as integer) as creation_position,
	c.first_order, c.first_person, c.withheld, d.status = 'won' as won,
	case when d.status = 'won' then d.amount_minor end as amount_minor,
	case when d.status = 'won' and d.amount_minor is not null then d.reporting_minor end as reporting_minor
from counted c
join deal_window d on d.deal_no = c.deal_no
