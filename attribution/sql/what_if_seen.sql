-- The touches of other settings and the posts suspected under them. It stands
-- before the stored table of this name. Grain: one row a touch.
create or replace temp view touch as
/*judged*/
where j.kind <> 'post'
union all
select
	p.touch_no, p.touch_id, p.occurred_at, p.kind, p.channel, p.campaign_id, p.post_id, p.rep_id, p.person_id, p.account_id, p.deal_id,
	p.evidence, p.direction, p.earns, p.withheld, p.reason, p.title, p.duration_s, p.source, p.source_priority, p.records, p.page,
	p.fact, p.sent_only, p.opened_only, p.opted_out, p.rule
from what_if_post p
