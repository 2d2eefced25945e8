-- What touches of a journey weigh under models that no expression sums up: t_ the
-- total weight, k_ the part that touches have. Grain: one row a deal with a touch.
create or replace temp table journey_sum as
select j.deal_no/*sums*/
from journey_touch j
group by j.deal_no
