-- The paths with the weights of models that no expression sums up. Part of
-- journey_touch. Grain: one row a deal and touch.
select j.*/*weights*/
from (
	select
		p.deal_no, p.touch_no, p.closed_age, p.before_creation, p.person_key, p.by_rep, p.withheld/*placed*/,
		h.touches, p.closed_age - h.last_age as age_s, s.half_life_s/*facts*/
	from /*path*/ p
	left join /*shape*/ h on h.deal_no = p.deal_no/*sources*/
	cross join attribution_setting s
) j
