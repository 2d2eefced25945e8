-- Every act that anybody can be found behind, with its class, link, grade and
-- why it earns nothing. Grain: one row an act (a raw activity, engagement or
-- visit).
--
-- act_no   joins the steps that follow; its order means nothing.
-- class    what the act is, whoever saw it: a click and the visit it lands on are
--          both a click, a reply in the mailbox and one in the campaign tool a reply.
-- link     what it was on: the post, the thread, the page without its query.
-- strong   a key that every source of the act shares; '' when there is none. A
--          calendar's recurring meetings share their UID, so the day belongs to it.
-- grade    A to D, capped by what the file says of its own evidence.
-- reason   '' when it may earn, else why not. blocked: no record of the same act
--          can make up for it.
create or replace temp table graded_act as
with placed as (
	select
		a.act_no, a.source, a.stream, a.source_id, a.source_priority, a.kind, a.direction, a.occurred_at, a.rep_id,
		a.person_id, a.account_id, a.deal_id, a.thread_id, a.uid, a.click_id, a.post_id, a.campaign_id,
		rtrim(split_part(split_part(lower(trim(a.url)), '#', 1), '?', 1), '/') as page,
		a.outcome, a.duration_s, a.bot, a.evidence_cap, a.channel_hint
	from numbered_act a
	where a.person_id <> '' or a.account_id <> '' or a.deal_id <> '' or a.click_id <> '' or a.uid <> ''
)
select
	p.act_no,
	p.source, p.stream, p.source_id, p.source_priority, p.kind, p.direction, p.occurred_at,
	p.rep_id, p.person_id, p.account_id, p.deal_id, p.post_id, p.campaign_id, p.duration_s,
	case
		when p.kind = 'reply' or (p.kind = 'email' and p.direction = 'inbound') then 'reply'
		when p.stream = 'visits' or p.kind = 'click' then 'click'
		when p.stream = 'activities' then p.kind || ' ' || p.direction
		else p.kind
	end as class,
	case
		when p.post_id <> '' then 'post:' || p.post_id
		when p.thread_id <> '' then 'thread:' || p.thread_id
		when p.page <> '' then 'page:' || p.page
		when p.campaign_id <> '' then 'campaign:' || p.campaign_id
		else ''
	end as link,
	case
		when p.uid <> '' and p.kind = 'meeting' then 'uid:' || p.uid || ':' || cast(cast(p.occurred_at as date) as varchar)
		when p.uid <> '' then 'uid:' || p.uid
		when p.click_id <> '' then 'click:' || p.click_id
		else ''
	end as strong,
	case
		when p.person_id <> '' then 'person:' || p.person_id
		when p.deal_id <> '' then 'deal:' || p.deal_id
		else 'account:' || p.account_id
	end as subject,
	-- The worse of what we derive and what the file admits.
	greatest(
		case
			when p.stream = 'activities' then 'B'
			when p.kind = 'open' or p.person_id = '' then 'B'
			when p.kind in ('form', 'registration', 'comment', 'reaction', 'reply') then 'A'
			when p.click_id <> '' or p.campaign_id <> '' or p.post_id <> '' or p.rep_id <> '' then 'A'
			else 'B'
		end,
		case when p.evidence_cap in ('A', 'B', 'C', 'D') then p.evidence_cap else 'A' end
	) as grade,
	case
		when p.evidence_cap = 'D' then 'suspected'
		when p.occurred_at > $now then 'in the future'
		when p.outcome = 'bounce' then 'bounce'
		when p.outcome in ('auto_reply', 'bulk') or (p.bot and p.stream = 'activities') then 'auto reply' -- mailings too: no human wrote to us
		when p.outcome = 'bot' or p.bot then 'bot'
		when p.kind in ('email', 'chat') and p.direction = 'inbound' then ''
		when p.kind in ('email', 'chat') and p.direction = 'internal' then 'internal'
		when p.kind in ('email', 'chat') then 'sent only'
		when p.kind in ('meeting', 'call') and p.direction = 'internal' then 'internal'
		when p.kind in ('meeting', 'call') and p.outcome in ('held', 'completed') then ''
		when p.kind in ('meeting', 'call') and p.outcome = 'no_show' then 'no show'
		when p.kind = 'call' and p.outcome = 'voicemail' then 'voicemail'
		when p.kind = 'meeting' then 'not known to be held'
		when p.kind = 'call' then 'not known to be completed'
		when p.kind = 'open' then 'opened only'
		else ''
	end as reason,
	p.outcome in ('bounce', 'auto_reply', 'bulk', 'bot') or p.bot or p.occurred_at > $now as blocked,
	p.kind in ('email', 'chat') and p.direction = 'outbound' and p.evidence_cap <> 'D' and p.occurred_at <= $now
		and p.outcome not in ('bounce', 'auto_reply', 'bulk', 'bot') and not p.bot as sent, -- by a person, to a person
	case when p.channel_hint = '' then 'Other' else p.channel_hint end as channel,
	-- Who saw the same act with a post or campaign knows its channel best.
	case when p.post_id <> '' then 1 when p.campaign_id <> '' then 2 when p.stream = 'activities' then 3 else 4 end as channel_rank,
	p.page
from placed p
