-- Touches that several records saw: what the speaking record does not know comes
-- from the next that does, the best grade wins, and the touch earns when one of
-- its records may and none is blocked. Grain: one row a touch of two records or
-- more.
create or replace temp table merged_act as
with ranked as (
	select
		s.act_no as speaker, g.occurred_at, g.rep_id, g.person_id, g.account_id, g.deal_id, g.post_id, g.campaign_id, g.duration_s,
		g.grade, g.reason, g.blocked, g.channel, g.channel_rank, g.page,
		row_number() over (
			partition by s.act_no
			order by g.source_priority, g.occurred_at, g.source, g.stream, g.source_id
		) as rank
	from spoken_act s
	join keyed_act k on k.touch_id = s.touch_id
	join graded_act g on g.act_no = k.act_no
	where s.records > 1
)
select
	r.speaker,
	min_by(r.channel, r.channel_rank * 1000000 + r.rank) as channel,
	min_by(r.page, r.rank) filter (where r.page <> '') as page,
	min_by(r.rep_id, r.rank) filter (where r.rep_id <> '') as rep_id,
	min_by(r.person_id, r.rank) filter (where r.person_id <> '') as person_id,
	min_by(r.account_id, r.rank) filter (where r.account_id <> '') as account_id,
	min_by(r.deal_id, r.rank) filter (where r.deal_id <> '') as deal_id,
	min_by(r.post_id, r.rank) filter (where r.post_id <> '') as post_id,
	min_by(r.campaign_id, r.rank) filter (where r.campaign_id <> '') as campaign_id,
	min_by(r.duration_s, r.rank) filter (where r.duration_s is not null) as duration_s,
	min(r.grade) as grade,
	case
		when max(case when r.blocked then 1 else 0 end) = 1 then coalesce(min_by(r.reason, r.rank) filter (where r.blocked and r.reason <> ''), 'bot')
		when max(case when r.reason = '' then 1 else 0 end) = 1 then ''
		else min_by(r.reason, r.rank)
	end as reason
from ranked r
group by r.speaker
