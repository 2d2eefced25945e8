-- What one fresh touch of each kind does: what it adds to the log of the daily
-- chance that a deal is made and to the log odds that a deal moves on. Grain: one
-- row a cell.
select c.channel, c.sub, c.creation, c.moves
from incremental_cell c
order by c.channel, c.sub
