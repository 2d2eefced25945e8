-- What one fresh touch of each kind does, the strongest first: what it adds to
-- the log of the daily chance that a deal is made and to the log odds that a deal
-- moves on. Grain: one row a cell.
select c.channel, c.sub, coalesce(g.name, ''), c.creation, c.moves
from incremental_cell c
left join campaign g on g.campaign_id = c.sub and c.sub <> ''
order by c.creation + c.moves desc, c.channel, c.sub
