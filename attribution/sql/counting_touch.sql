-- Touches that may stand in a journey under the touches setting. reach is the
-- latest window start that it counts from: its time, or later or earlier by what
-- the lookback of its channel differs. Grain: one row a touch.
create or replace temp table counting_touch as
select
	t.touch_no, t.occurred_at, t.account_id, t.deal_id, t.person_id, t.channel, t.campaign_id, t.post_id, t.rep_id, t.withheld,
	case when l.more_days is null then t.occurred_at else t.occurred_at + l.more_days * interval '1' day end as reach
from touch t
left join channel_lookback l on l.channel = t.channel
where (t.earns or t.withheld)
	and ($touches = 'all' or ($touches = 'sales' and t.channel = 'Sales') or ($touches = 'marketing' and t.channel <> 'Sales'))
