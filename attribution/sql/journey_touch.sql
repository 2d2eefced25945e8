-- Every touch of every journey with its weight and money under every model.
-- Grain: one row a deal and eligible touch, in journey order.
--
-- Where a model stands below, its expressions are put in, once a model:
-- w_ its integer weight, k_ the running and t_ the total weight of the journey,
-- what no touch earned included, a_ and r_ its credit in the deal's and the
-- reporting currency. What only learned models read is joined when one of them
-- is listed.
create or replace /*temp*/ table journey_touch as
with shaped as (
/*shaped*/
),
weighed as (
	select j.*/*weights*/
	from shaped j
),
running as (
	select j.*/*running*/
	from weighed j
),
paid as (
	select j.*/*amounts*/
	from running j
)
select
	j.deal_no, j.touch_no, j.position, j.touches, j.nondirect, j.lead_position, j.creation_position, j.close_position,
	j.age_s, j.withheld, j.bucket/*credits*/
from paid j
