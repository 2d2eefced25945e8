-- How many touches all journeys have. Grain: one row.
select count(*) as touches
from path p
