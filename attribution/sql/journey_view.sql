-- The eligible touches of every deal in order. Grain: one row a deal and touch.
create or replace view journey as
select
	d.deal_id, t.touch_id, j.position, j.touches,
	j.position = 1 as is_first, j.position = j.lead_position as is_lead,
	j.position = j.creation_position as is_creation, j.position = j.close_position as is_close,
	j.bucket, t.occurred_at, t.kind, t.channel, t.campaign_id, t.post_id, t.rep_id, t.person_id, t.evidence
from journey_touch j
join journey_deal d on d.deal_no = j.deal_no
join touch t on t.touch_no = j.touch_no
