-- What the settings make of touches: who earns, whose credit is withheld, and why
-- the others earn nothing. Part of touch and of its like in a what-if. Grain: one
-- row a touch.
--
-- fact is why a touch earns nothing as far as it says itself; sent_only and
-- opened_only tell which settings lift that. rule is the exclusion it falls under.
select
	j.touch_no, j.touch_id, j.occurred_at, j.kind, j.channel, j.campaign_id, j.post_id, j.rep_id, j.person_id, j.account_id, j.deal_id,
	j.evidence, j.direction,
	j.reason = '' as earns, j.reason = 'opted out' as withheld, j.reason,
	j.title, j.duration_s, j.source, j.source_priority, j.records, j.page,
	j.fact, j.sent_only, j.opened_only, j.opted_out, j.rule
from (
	select
		r.touch_no, r.touch_id, r.occurred_at, r.kind, r.channel, r.campaign_id, r.post_id, r.rep_id, r.person_id, r.account_id, r.deal_id,
		r.evidence, r.direction, r.title, r.duration_s, r.source, r.source_priority, r.records, r.page,
		r.fact, r.sent_only, r.opened_only, r.opted_out, r.rule,
		case
			when r.fact <> '' and not (r.sent_only and s.sent_mail) and not (r.opened_only and s.opened_mail) then r.fact
			when r.rule <> '' then 'excluded by rule'
			when r.opted_out then 'opted out'
			else ''
		end as reason
	from (
		select
			t.touch_no, t.touch_id, t.occurred_at, t.kind, t.channel, t.campaign_id, t.post_id, t.rep_id, t.person_id, t.account_id, t.deal_id,
			t.evidence, t.direction, t.title, t.duration_s, t.source, t.source_priority, t.records, t.page,
			t.fact, t.sent_only, t.opened_only, t.opted_out,
			/*rule*/ as rule
		from /*touches*/ t
	) r
	cross join attribution_setting s
) j
