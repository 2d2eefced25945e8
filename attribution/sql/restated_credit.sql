-- Every credit of then and today, with what the rule and what the data made of
-- the difference. $otherwise is the cause where nothing about the deal changed.
-- Grain: one row a deal, touch (or what went to none) and what it was credited to.
create or replace temp table restated_credit as
with side as (
	select c.deal_id, c.touch_id, c.part, c.channel, c.campaign_id, c.post_id, c.rep_id, c.minor as then_minor, 0 as redone_minor, 0 as now_minor
	from then_credit c
	union all
	select c.deal_id, c.touch_id, c.part, c.channel, c.campaign_id, c.post_id, c.rep_id, 0, c.minor, 0
	from redone_credit c
	union all
	select c.deal_id, c.touch_id, c.part, c.channel, c.campaign_id, c.post_id, c.rep_id, 0, 0, c.minor
	from now_credit c
),
summed as (
	select
		s.deal_id, s.touch_id, s.part, s.channel, s.campaign_id, s.post_id, s.rep_id,
		cast(sum(s.then_minor) as bigint) as then_minor, cast(sum(s.redone_minor) as bigint) as redone_minor, cast(sum(s.now_minor) as bigint) as now_minor
	from side s
	group by s.deal_id, s.touch_id, s.part, s.channel, s.campaign_id, s.post_id, s.rep_id
)
select
	s.deal_id, s.touch_id, s.part, s.channel, s.campaign_id, s.post_id, s.rep_id, s.then_minor, s.now_minor,
	s.now_minor - s.redone_minor as rule_minor, s.redone_minor - s.then_minor as rest_minor,
	case when d.cause = '' then cast($otherwise as varchar) else d.cause end as cause
from summed s
join restated_deal d on d.deal_id = s.deal_id
