-- Every act that anybody can be found behind, with its class, link, grade and
-- why it earns nothing. Grain: one row an act (a raw activity, engagement or
-- visit).
--
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
		a.source, a.stream, a.source_id, a.priority as source_priority, a.kind, a.direction, a.occurred_at,
		case when a.rep_id <> '' then a.rep_id else coalesce(p.author_rep_id, '') end as rep_id,
		a.person_id, a.account_id, a.deal_id, a.thread_id, a.uid, a.click_id,
		a.post_id,
		case when a.campaign_id <> '' then a.campaign_id else coalesce(p.campaign_id, '') end as campaign_id,
		rtrim(split_part(split_part(lower(trim(a.url)), '#', 1), '?', 1), '/') as page,
		a.outcome, a.duration_s, a.bot, a.evidence_cap,
		coalesce(p.channel, '') as post_channel, coalesce(p.title, '') as post_title,
		coalesce(c.channel, '') as campaign_channel, coalesce(c.name, '') as campaign_name,
		a.channel_hint
	from act a
	left join post p on p.post_id = a.post_id and a.post_id <> ''
	left join campaign c on c.campaign_id = case when a.campaign_id <> '' then a.campaign_id else p.campaign_id end and c.campaign_id <> ''
	where a.person_id <> '' or a.account_id <> '' or a.deal_id <> '' or a.click_id <> '' or a.uid <> ''
)
select
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
		when p.outcome = 'auto_reply' or (p.bot and p.stream = 'activities') then 'auto reply'
		when p.bot then 'bot'
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
	p.outcome in ('bounce', 'auto_reply') or p.bot or p.occurred_at > $now as blocked,
	case
		when p.post_channel <> '' then p.post_channel
		when p.campaign_channel <> '' then p.campaign_channel
		when p.stream = 'activities' then 'Sales'
		when p.rep_id <> '' and p.kind = 'reply' then 'Sales'
		when p.rep_id <> '' and p.channel_hint in ('', 'Organic Social') then 'Rep Social'
		when p.channel_hint <> '' then p.channel_hint
		when p.stream = 'visits' then 'Direct'
		when p.kind in ('reply', 'open') then 'E-mail'
		when p.kind = 'registration' then 'Event'
		else 'Other'
	end as channel,
	-- A post or campaign says more about a channel than the kind of record does.
	case when p.post_channel <> '' then 1 when p.campaign_channel <> '' then 2 else 3 end as channel_rank,
	case
		when p.post_title <> '' then p.post_title
		when p.campaign_name <> '' then p.campaign_name
		else p.page
	end as title
from placed p
