-- Every touch of a deal's people and account: the eligible ones in journey order
-- with their weight and money under every model, then the others by time, each
-- with why it earns nothing. Who opted out has no name, and neither has who stands
-- in for somebody forgotten (~). Grain: one row a
-- touch.
with listed as (/*listed*/)
select
	t.touch_no, t.touch_id, t.occurred_at, t.kind, t.direction, t.channel,
	t.campaign_id, coalesce(c.name, ''), t.post_id, coalesce(p.title, ''), t.rep_id, coalesce(r.name, ''),
	case when n.opted_out or t.person_id like '~%' then '' else t.person_id end,
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
		when t.reason <> '' and not t.withheld then t.reason
		when t.occurred_at > $window_to then 'after close'
		when t.occurred_at < $window_from - coalesce(b.more_days, 0) * interval '1' day then 'before the window'
		when $touches = 'sales' and t.channel <> 'Sales' then 'marketing does not count'
		when $touches = 'marketing' and t.channel = 'Sales' then 'sales does not count'
		when $people = 'primary' and t.person_id <> f.primary_person_id and m.of_primary is null then 'not the primary contact'
		when $people = 'deal' and d.person_id is null and m.of_deal is null then 'no role on the deal'
		when $people = 'account' and t.account_id <> $account_id and t.deal_id <> $deal_id and m.of_account is null then 'another account'
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
join journey_deal f on f.deal_no = $deal_no
-- The people of a touch besides the one it is tied to, as the people rule sees them.
left join (
	select
		p.touch_no,
		max(case when p.person_id = o.primary_person_id then 1 end) as of_primary,
		max(case when dp.person_id is not null then 1 end) as of_deal,
		max(case when p.account_id = $account_id and p.account_id <> '' then 1 end) as of_account
	from touch_person p
	join journey_deal o on o.deal_no = $deal_no
	left join deal_person dp on dp.deal_id = $deal_id and dp.person_id = p.person_id
	where p.touch_no in (select x.touch_no from listed x)
	group by p.touch_no
) m on m.touch_no = t.touch_no
order by case when j.position is null then 1 else 0 end, j.position, t.touch_no
