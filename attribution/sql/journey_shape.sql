-- What touches of a journey share with what models compute once a deal: t_ is the total weight of
-- the journey. Who asks a view for some models computes those. Grain: one row a deal with
-- a touch.
create or replace temp /*name*/ as
with valued as (
	select
		c.deal_no, c.touches, c.last_age, c.nondirect_touch_no, c.lead_position, c.creation_position,
		case when c.won then c.touches else 0 end as close_position,
		cast(c.first_person & 18446744073709551615 as ubigint) as first_person_key, c.withheld, /*first_place*/ as first_place,
		c.amount_minor, c.reporting_minor,
		s.custom_first, s.custom_lead, s.custom_creation, s.custom_close, s.custom_others
	from journey_count c
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
