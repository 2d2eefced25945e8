-- The touches of every journey with what weights are computed from. Part of
-- journey_run and journey_touch. Grain: one row a deal and touch.
select
	p.deal_no, p.touch_no, p.row_no, cast(p.row_no - h.first_row + 1 as integer) as position, h.touches, h.nondirect,
	h.lead_position, h.creation_position, h.close_position, p.closed_age - h.last_age as age_s,
	p.closed_age, p.before_creation, p.channel_no, p.person_no, p.by_rep, p.withheld,
	case
		when p.withheld then 'withheld'
		when not p.by_rep then ''
		when p.before_creation and (p.row_no = h.first_row or (p.person_no <> 0 and p.person_no = h.first_person_no)) then 'sourced'
		else 'assisted'
	end as bucket,
	h.amount_minor, h.reporting_minor,
	s.half_life_s, s.custom_first, s.custom_lead, s.custom_creation, s.custom_close, s.custom_others/*facts*//*run*/
from /*path*/ p
join journey_shape h on h.deal_no = p.deal_no/*sources*/
cross join attribution_setting s
