-- One act that may earn credit. Grain: one row a touch.
--
-- The first record by source priority speaks for the act; what it does not know
-- comes from the next that does. The best grade wins. A touch earns when one of
-- its records may and none is blocked. touch_no counts touches in the order of
-- every journey: time, source priority, id. withheld: it would earn, but its
-- person opted out, so its credit is paid to nobody.
create or replace table touch as
with ranked as (
	select
		k.touch_id, g.source, g.source_priority, g.kind, g.direction, g.occurred_at, g.rep_id, g.person_id, g.account_id,
		g.deal_id, g.post_id, g.campaign_id, g.duration_s, g.grade, g.reason, g.blocked, g.channel, g.channel_rank, g.page,
		row_number() over (
			partition by k.touch_id
			order by g.source_priority, g.occurred_at, g.source, g.stream, g.source_id
		) as rank
	from keyed_act k
	join graded_act g on g.source = k.source and g.stream = k.stream and g.source_id = k.source_id
),
merged as (
	select
		r.touch_id,
		count(*) as records,
		min_by(r.occurred_at, r.rank) as occurred_at,
		min_by(r.kind, r.rank) as kind,
		min_by(r.direction, r.rank) as direction,
		min_by(r.source, r.rank) as source,
		min_by(r.source_priority, r.rank) as source_priority,
		min_by(r.channel, r.channel_rank * 1000000 + r.rank) as channel,
		min_by(r.page, r.rank) filter (where r.page <> '') as page,
		min_by(r.rep_id, r.rank) filter (where r.rep_id <> '') as rep_id,
		min_by(r.person_id, r.rank) filter (where r.person_id <> '') as person_id,
		min_by(r.account_id, r.rank) filter (where r.account_id <> '') as account_id,
		min_by(r.deal_id, r.rank) filter (where r.deal_id <> '') as deal_id,
		min_by(r.post_id, r.rank) filter (where r.post_id <> '') as post_id,
		min_by(r.campaign_id, r.rank) filter (where r.campaign_id <> '') as campaign_id,
		min_by(r.duration_s, r.rank) filter (where r.duration_s is not null) as duration_s,
		min(r.grade) as evidence,
		max(case when r.blocked then 1 else 0 end) as blocked,
		max(case when r.reason = '' then 1 else 0 end) as earning,
		min_by(r.reason, r.rank) filter (where r.blocked) as blocked_reason,
		min_by(r.reason, r.rank) filter (where r.reason <> '') as reason
	from ranked r
	group by r.touch_id
),
judged as (
	select
		m.touch_id, m.records, m.occurred_at, m.kind, m.direction, m.source, m.source_priority, m.channel,
		coalesce(o.title, c.name, m.page, '') as title, coalesce(m.rep_id, '') as rep_id, coalesce(m.person_id, '') as person_id,
		coalesce(m.account_id, '') as account_id, coalesce(m.deal_id, '') as deal_id,
		coalesce(m.post_id, '') as post_id, coalesce(m.campaign_id, '') as campaign_id,
		coalesce(m.duration_s, 0) as duration_s, m.evidence,
		coalesce(p.opted_out, false) as opted_out,
		case
			when m.blocked = 1 then coalesce(m.blocked_reason, 'bot')
			when m.evidence = 'D' then 'suspected'
			when m.earning = 1 then ''
			else m.reason
		end as reason
	from merged m
	left join person p on p.person_id = m.person_id
	left join post o on o.post_id = m.post_id
	left join campaign c on c.campaign_id = m.campaign_id
	where m.person_id is not null or m.account_id is not null or m.deal_id is not null
)
select
	cast(row_number() over (order by j.occurred_at, j.source_priority, j.touch_id) as bigint) as touch_no,
	j.touch_id, j.occurred_at, j.kind, j.channel, j.campaign_id, j.post_id, j.rep_id, j.person_id, j.account_id, j.deal_id,
	j.evidence, j.direction,
	j.reason = '' and not j.opted_out as earns,
	j.reason = '' and j.opted_out as withheld,
	case when j.reason = '' and j.opted_out then 'opted out' else j.reason end as reason,
	j.title, cast(j.duration_s as bigint) as duration_s, j.source,
	cast(j.source_priority as integer) as source_priority, cast(j.records as integer) as records
from judged j
