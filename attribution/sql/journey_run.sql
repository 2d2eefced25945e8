-- The paths with the weights of models that no expression sums up: w_ of the
-- touch, k_ of it and all before it, t_ of the journey and what no touch earned.
-- Part of journey_touch. Grain: one row a deal and touch.
select
	j.deal_no, j.touch_no, j.row_no, j.closed_age, j.before_creation, j.channel_no, j.person_no, j.by_rep, j.withheld/*running*/
from (
	select j.*/*weights*/
	from (
/*shaped*/
	) j
) j
