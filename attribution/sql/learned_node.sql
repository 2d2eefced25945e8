-- The channels, campaigns or reps of closed journeys, numbered from 0. What has
-- none is one node of its own, with the id ''. Grain: one row a node.
create or replace temp table learned_node as
select n.id, cast(row_number() over (order by n.id) - 1 as integer) as node
from (
	select distinct case when $level = 'channel' then t.channel when $level = 'campaign' then t.campaign_id else t.rep_id end as id
	from step s
	join deal_window d on d.deal_no = s.deal_no
	join touch t on t.touch_no = s.touch_no
	where d.status in ('won', 'lost') and not s.withheld
) n
