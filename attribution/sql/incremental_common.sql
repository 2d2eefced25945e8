-- What touches are told apart by: every channel but Direct, and those of its
-- campaigns and kinds of act that are common enough to have an effect of their
-- own. Grain: one row a cell.
create or replace temp table incremental_common as
with counted as (
	select a.channel, a.sub, count(*) as acts
	from incremental_act a
	where a.earns
	group by a.channel, a.sub
),
common as (
	select c.channel, c.sub, row_number() over (order by c.acts desc, c.channel, c.sub) as place
	from counted c
	where c.acts >= cast($acts as bigint)
),
kept as (
	select c.channel, c.sub from common c where c.place <= cast($cells as bigint)
	union
	select c.channel, '' from counted c
)
select cast(row_number() over (order by k.channel, k.sub) - 1 as integer) as cell, k.channel, k.sub
from kept k
