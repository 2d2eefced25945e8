-- What is wrong with touches and journeys. A touch is of a deal by its account, by
-- the deal that a source ties it to, or by one of its people. Grain: one row a
-- broken invariant.
with stepped as (
	select
		j.deal_no, j.touch_no, j.withheld, d.deal_id, d.account_id, d.primary_person_id, d.window_from, d.window_to,
		t.touch_id, t.occurred_at, t.channel, t.evidence, t.earns, t.person_id,
		t.deal_id = d.deal_id or d.account_id <> '' and t.account_id = d.account_id as of_deal
	from journey_touch j
	left join journey_deal d on d.deal_no = j.deal_no
	left join touch t on t.touch_no = j.touch_no
),
somebody as (
	select s.deal_no, s.touch_no, s.person_id
	from stepped s
	where not s.of_deal and s.person_id <> ''
	union
	select s.deal_no, s.touch_no, p.person_id
	from stepped s
	join touch_person p on p.touch_no = s.touch_no
	where not s.of_deal
),
by_person as (
	select distinct s.deal_no, s.touch_no
	from somebody s
	join stepped x on x.deal_no = s.deal_no and x.touch_no = s.touch_no
	left join person n on n.person_id = s.person_id
	left join deal_person r on r.deal_id = x.deal_id and r.person_id = s.person_id
	where s.person_id = x.primary_person_id or r.person_id is not null or x.account_id <> '' and n.account_id = x.account_id
),
wrong as (
	select 'touch ids are unique' as invariant, t.touch_id as example
	from touch t
	group by t.touch_id
	having count(*) > 1
	union all
	select 'every touch has its source rows, suspected posts aside', t.touch_id
	from touch t
	left join (select s.touch_id, count(*) as records from touch_source s group by s.touch_id) s on s.touch_id = t.touch_id
	where t.kind <> 'post' and coalesce(s.records, 0) <> t.records
	union all
	select 'a source row is one touch at most', s.stream || ' ' || s.source || ' ' || s.source_id
	from touch_source s
	group by s.source, s.stream, s.source_id
	having count(*) > 1
	union all
	select 'a touch that may earn has no reason not to', t.touch_id
	from touch t
	where t.earns <> (t.reason = '') or t.earns and t.rule <> '' or t.evidence not in ('A', 'B', 'C', 'D')
	union all
	select 'the touches of a journey are numbered from 1 without gap', d.deal_id
	from journey_deal d
	left join (
		select j.deal_no, count(*) as touches, count(distinct j.position) as positions, min(j.position) as low, max(j.position) as high, max(j.touches) as said
		from journey_touch j
		group by j.deal_no
	) j on j.deal_no = d.deal_no
	where d.eligible <> coalesce(j.touches, 0)
		or j.touches is not null and (j.positions <> j.touches or j.low <> 1 or j.high <> j.touches or j.said <> j.touches)
	union all
	select 'every touch of a journey is there, earns or is withheld, and lies in the window, at or before the close', coalesce(s.touch_id, s.deal_id, '')
	from stepped s
	left join channel_lookback b on b.channel = s.channel
	where s.deal_id is null or s.touch_id is null or not (s.earns or s.withheld) or s.evidence not in ('A', 'B', 'C')
		or s.occurred_at < s.window_from - coalesce(b.more_days, 0) * interval '1' day or s.occurred_at > s.window_to
	union all
	select 'every touch of a journey is of its deal', s.touch_id
	from stepped s
	left join by_person p on p.deal_no = s.deal_no and p.touch_no = s.touch_no
	where not s.of_deal and p.touch_no is null
	union all
	select 'every deal has one window, which closes with it, and its money', coalesce(d.deal_id, j.deal_id)
	from deal d
	full outer join (
		select
			j.deal_id, count(*) as windows, min(j.status) as status, min(j.membership_id) as membership_id, min(j.closed_at) as closed_at, min(j.window_to) as window_to,
			min(j.amount_minor) as amount_minor, min(j.currency) as currency, min(j.reporting_minor) as reporting_minor
		from journey_deal j
		group by j.deal_id
	) j on j.deal_id = d.deal_id
	where d.deal_id is null or j.deal_id is null or j.windows <> 1 or j.status <> d.status or j.membership_id <> d.membership_id
		or j.closed_at is distinct from d.closed_at or j.window_to > d.closed_at
		or j.amount_minor is distinct from d.amount_minor or j.currency is distinct from d.currency or j.reporting_minor is distinct from d.reporting_minor
)
select w.invariant, '' as model, count(*) as broken_rows, min(w.example) as example
from wrong w
group by w.invariant
order by w.invariant
