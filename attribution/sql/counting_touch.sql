-- Touches that may stand in a journey under the touches setting. Grain: one row
-- a touch.
create or replace temp table counting_touch as
select t.touch_no, t.occurred_at, t.account_id, t.deal_id, t.person_id, t.channel, t.campaign_id, t.post_id, t.rep_id, t.withheld
from touch t
where (t.earns or t.withheld)
	and ($touches = 'all' or ($touches = 'sales' and t.channel = 'Sales') or ($touches = 'marketing' and t.channel <> 'Sales'))
