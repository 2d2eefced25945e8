-- The nodes of closed journeys in their order. Grain: one row a node.
select n.id
from learned_node n
order by n.node
