-- The log odds of moving on without touches in the order of stages. Grain: one row
-- a stage.
select s.odds
from incremental_stage s
order by s.stage
