-- The touches that the journey of a deal lists: the eligible ones, and whatever
-- else its people, its account and the deal itself are known for in the window or
-- up to 90 days outside it. Part of deal_touch and deal_touch_source. Grain: one
-- row a touch.
select j.touch_no
from journey_touch j
where j.deal_no = $deal_no
union
select s.touch_no
from suspected_touch s
where s.deal_no = $deal_no
union
select t.touch_no
from touch t
where t.account_id = $account_id and t.account_id <> '' and t.evidence <> 'D'
	and t.occurred_at >= $window_from - 90 * interval '1' day and t.occurred_at <= $window_to + 90 * interval '1' day
union
select t.touch_no
from touch t
where t.deal_id = $deal_id and t.deal_id <> '' and t.evidence <> 'D'
union
select t.touch_no
from deal_person dp
join touch t on t.person_id = dp.person_id
where dp.deal_id = $deal_id and t.person_id <> '' and t.evidence <> 'D'
	and t.occurred_at >= $window_from - 90 * interval '1' day and t.occurred_at <= $window_to + 90 * interval '1' day
union
select p.touch_no
from touch_person p
join touch t on t.touch_no = p.touch_no
where p.account_id = $account_id and p.account_id <> '' and t.evidence <> 'D'
	and t.occurred_at >= $window_from - 90 * interval '1' day and t.occurred_at <= $window_to + 90 * interval '1' day
