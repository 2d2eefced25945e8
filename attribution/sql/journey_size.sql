-- How many touches all journeys have. Grain: one row.
select coalesce(sum(h.touches), 0) as touches
from journey_shape h
