-- The cells of incremental in their order. Grain: one row a cell.
select c.channel, c.sub
from incremental_common c
order by c.cell
