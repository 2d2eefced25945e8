-- The journeys of a closing, with people as they were then; erased: the person
-- was erased since. Grain: one row a deal and touch.
create or replace temp table then_touch as
select
	t.deal_id, t.position, t.touch_id, t.occurred_at, t.kind, t.channel, t.campaign_id, t.post_id, t.rep_id, t.evidence, t.withheld,
	coalesce(p.person_id, '') as person_id, coalesce(p.records, '') as records,
	p.person_no is not null and p.person_id is null as erased
from reported_touch t
left join reported_person p on p.person_no = t.person_no and p.closing = $closing
where t.closing = $closing
