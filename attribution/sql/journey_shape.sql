-- What all touches of a journey share: how many, the last age, where its
-- milestones stand (0: missing), its last touch that is not Direct or else its
-- last, who came first, the money, and what models compute once a deal: t_ is the
-- total weight of the journey. Grain: one row a deal with a touch.
create or replace temp table journey_shape as
with counted as (
	select
		p.deal_no, count(*) as touches, min(p.closed_age) as last_age,
		coalesce(max(case when not p.direct then p.touch_no end), max(p.touch_no)) as nondirect_touch_no,
		sum(case when p.before_lead then 1 else 0 end) as lead_position,
		sum(case when p.before_creation then 1 else 0 end) as creation_position,
		min_by(p.person_key, p.touch_no) as first_person_key,
		max(case when p.withheld then 1 else 0 end) = 1 as withheld, /*first_place*/ as first_place
	from path p
	group by p.deal_no
),
valued as (
	select
		c.deal_no, cast(c.touches as integer) as touches, c.last_age, c.nondirect_touch_no,
		cast(c.lead_position as integer) as lead_position, cast(c.creation_position as integer) as creation_position,
		cast(case when d.status = 'won' then c.touches else 0 end as integer) as close_position,
		c.first_person_key, c.withheld, c.first_place,
		case when d.status = 'won' then d.amount_minor end as amount_minor,
		case when d.status = 'won' and d.amount_minor is not null then d.reporting_minor end as reporting_minor,
		s.custom_first, s.custom_lead, s.custom_creation, s.custom_close, s.custom_others
	from counted c
	join deal_window d on d.deal_no = c.deal_no
	cross join attribution_setting s
),
parted as (
	select v.*/*parts*/
	from valued v
)
select
	h.deal_no, h.touches, h.last_age, h.nondirect_touch_no, h.lead_position, h.creation_position, h.close_position,
	h.first_person_key, h.withheld, h.first_place, h.amount_minor, h.reporting_minor/*kept_parts*//*totals*/
from parted h
