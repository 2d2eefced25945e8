-- What incremental tells touches apart by: a channel and, unless it stands for all
-- that is rare ('' as sub), a campaign or kind of act. creation and moves: what a
-- fresh touch adds to the log of the daily chance that a deal is made and to the
-- log odds that it moves on; 0 where that does not stand out from chance. Grain:
-- one row a cell.
create or replace table incremental_cell (
	cell integer, channel varchar, sub varchar, creation double, moves double
)
