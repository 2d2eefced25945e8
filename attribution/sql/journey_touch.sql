-- Every touch of every journey with its weight and money under every model: w_ its
-- integer weight, t_ the total weight of the journey where no expression gives it,
-- a_ and r_ its credit in the deal's and the reporting currency. Grain: one row a
-- deal and eligible touch.
create or replace view journey_touch as
select
	c.deal_no, c.touch_no, c.position, c.touches, c.nondirect_touch_no, c.lead_position, c.creation_position, c.close_position,
	c.age_s, c.withheld, c.bucket/*columns*/
from journey_credit c
