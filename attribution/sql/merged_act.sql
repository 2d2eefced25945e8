-- Touches that several records saw: what the speaking record does not know comes
-- from the next that does, the best grade wins, and the touch earns when one of
-- its records may and none is blocked. Grain: one row a touch of two records or
-- more.
create or replace temp table merged_act as
select
	min_by(s.act_no, s.rank) as speaker,
	min_by(r.channel, r.channel_rank * 1000000 + s.rank) as channel,
	min_by(r.page, s.rank) filter (where r.page <> '') as page,
	min_by(r.rep_id, s.rank) filter (where r.rep_id <> '') as rep_id,
	min_by(r.person_id, s.rank) filter (where r.person_id <> '') as person_id,
	min_by(r.account_id, s.rank) filter (where r.account_id <> '') as account_id,
	min_by(r.deal_id, s.rank) filter (where r.deal_id <> '') as deal_id,
	min_by(r.post_id, s.rank) filter (where r.post_id <> '') as post_id,
	min_by(r.campaign_id, s.rank) filter (where r.campaign_id <> '') as campaign_id,
	min_by(r.duration_s, s.rank) filter (where r.duration_s is not null) as duration_s,
	min(r.grade) as grade,
	max(case when r.blocked then 1 else 0 end) = 0 and max(case when r.sent then 1 else 0 end) = 1 as sent,
	max(case when r.blocked then 1 else 0 end) = 0 and max(case when r.reason = 'opened only' then 1 else 0 end) = 1 as opened,
	case
		when max(case when r.blocked then 1 else 0 end) = 1 then coalesce(min_by(r.reason, s.rank) filter (where r.blocked and r.reason <> ''), 'bot')
		when max(case when r.reason = '' then 1 else 0 end) = 1 then ''
		else min_by(r.reason, s.rank)
	end as reason
from shared_act s
join graded_act r on r.act_no = s.act_no
group by s.touch_id
