-- The log odds without touches that a deal moves on and is not lost, by how often
-- it moved before; the last row is also of all stages after it. Grain: one row a
-- stage.
create or replace table incremental_stage (
	stage integer, odds double
)
