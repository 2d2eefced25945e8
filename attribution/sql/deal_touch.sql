-- Every touch of a deal's people and account: the eligible ones in journey order
-- with their weight and money under every model, then the others in the window
-- or up to 90 days outside it, by time. A person who opted out has no name.
-- Grain: one row a touch.
with listed as (
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
)
select
	t.touch_no, t.touch_id, t.occurred_at, t.kind, t.direction, t.channel,
	t.campaign_id, coalesce(c.name, ''), t.post_id, coalesce(p.title, ''), t.rep_id, coalesce(r.name, ''),
	case when n.opted_out then '' else t.person_id end,
	case when n.opted_out then '' else coalesce(n.name, '') end,
	case when n.opted_out then '' else coalesce(n.title, '') end,
	t.evidence, t.title, t.duration_s, t.records,
	coalesce(j.position, 0),
	coalesce(j.position = 1, false), coalesce(j.position = j.lead_position, false),
	coalesce(j.position = j.creation_position, false), coalesce(j.position = j.close_position, false),
	coalesce(j.bucket, ''),
	case
		when j.position is not null then ''
		when t.rule <> '' and t.reason = 'excluded by rule' then t.reason || ' ' || t.rule
		when t.reason <> '' then t.reason
		when t.occurred_at > $window_to then 'after close'
		when t.occurred_at < $window_from - coalesce(b.more_days, 0) * interval '1' day then 'before the window'
		when $touches = 'sales' and t.channel <> 'Sales' then 'marketing does not count'
		when $touches = 'marketing' and t.channel = 'Sales' then 'sales does not count'
		when $people = 'primary' then 'not the primary contact'
		when $people = 'deal' and d.person_id is null then 'no role on the deal'
		when $people = 'account' and t.account_id <> $account_id then 'another account'
		when $path = 'exposure' then 'repeats the touch before'
		when $path = 'first' then 'repeats an earlier touch'
		when $path = 'drop_direct' then 'direct'
		else 'another account'
	end/*credits*/
from listed l
join touch t on t.touch_no = l.touch_no
left join channel_lookback b on b.channel = t.channel
left join journey_touch j on j.deal_no = $deal_no and j.touch_no = t.touch_no
left join campaign c on c.campaign_id = t.campaign_id
left join post p on p.post_id = t.post_id
left join rep r on r.rep_id = t.rep_id
left join person n on n.person_id = t.person_id
left join (
	select distinct dp.person_id
	from deal_person dp
	where dp.deal_id = $deal_id
) d on d.person_id = t.person_id
order by case when j.position is null then 1 else 0 end, j.position, t.touch_no
