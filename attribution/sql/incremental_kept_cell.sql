-- The cells of incremental in their order with the effects of a fresh touch.
-- Grain: one row a cell.
select c.channel, c.sub, c.creation, c.moves
from incremental_cell c
order by c.cell
