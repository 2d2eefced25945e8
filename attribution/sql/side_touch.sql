-- The journeys of today; SIDE says under which settings. Grain: one row a deal
-- and touch.
create or replace temp table /*side*/_touch as
select
	d.deal_id, j.position, t.touch_id, t.occurred_at, t.kind, t.channel, t.campaign_id, t.post_id, t.rep_id, t.evidence, j.withheld, t.person_id
from journey_touch j
join journey_deal d on d.deal_no = j.deal_no
join touch t on t.touch_no = j.touch_no
where d.status = 'won' and d.counted_at >= $from and d.counted_at < $to
