-- What became of each deal of a closed period that the reader sees: the data of
-- today, under the settings of then, against what was kept. Grain: one row a deal
-- of then or today.
--
-- A touch that left a journey or came into it did so through its people when the
-- contacts behind its person are others than then: of one that came, its record
-- must have been there then. cause is the first that applies, in the order of
-- pages; empty: nothing about the deal changed.
create or replace temp table restated_deal as
with came as (
	select r.deal_id, r.touch_id, r.person_id
	from redone_touch r
	left join then_touch t on t.deal_id = r.deal_id and t.touch_id = r.touch_id
	where t.deal_id is null
),
act_record as (
	select 'activities' as stream, a.source, a.source_id, a.synced_at from activities a
	union all
	select 'engagements', e.source, e.source_id, e.synced_at from engagements e
	union all
	select 'visits', v.source, v.source_id, v.synced_at from visits v
),
was_there as (
	select distinct s.touch_id
	from touch_source s
	join act_record r on r.stream = s.stream and r.source = s.source and r.source_id = s.source_id
	where s.touch_id in (select c.touch_id from came c) and r.synced_at <= $refreshed_at
),
of_interest as (
	select t.person_id
	from then_touch t
	where t.person_id <> ''
	union
	select c.person_id
	from came c
	where c.person_id <> ''
),
today as (
	select c.person_id, count(*) as contacts, ids_key(c.contact_id) as records
	from contact c
	where c.person_id in (select i.person_id from of_interest i)
	group by c.person_id
),
-- A person of then: merged into another, or with other contacts.
moved as (
	select distinct t.person_id
	from then_touch t
	left join today n on n.person_id = t.person_id
	left join contact c on c.contact_id = t.person_id
	where t.person_id <> ''
		and (n.person_id is not null and n.records <> t.records or n.person_id is null and coalesce(c.person_id, '') <> '')
),
-- A person of today: with other contacts than then, or made of several that had
-- no touch then.
gathered as (
	select n.person_id
	from today n
	left join reported_person p on p.person_id = n.person_id and p.closing = $closing
	where p.person_id is null and n.contacts > 1 or p.records <> n.records
),
touched as (
	select
		coalesce(t.deal_id, r.deal_id) as deal_id,
		r.touch_id is null as went, t.touch_id is null as came,
		coalesce(t.erased, false) as erased,
		t.touch_id is not null and r.touch_id is not null and t.withheld <> r.withheld as withheld,
		t.touch_id is not null and r.touch_id is not null and (
			t.channel <> r.channel or t.campaign_id <> r.campaign_id or t.post_id <> r.post_id or t.rep_id <> r.rep_id
			or t.evidence <> r.evidence or t.occurred_at <> r.occurred_at
		) as altered,
		case
			when r.touch_id is null then m.person_id is not null or t.person_id <> '' and coalesce(n.person_id, '') <> '' and n.person_id <> t.person_id
			when t.touch_id is null then g.person_id is not null and w.touch_id is not null
			else false
		end as merged
	from then_touch t
	full outer join redone_touch r on r.deal_id = t.deal_id and r.touch_id = t.touch_id
	left join moved m on m.person_id = t.person_id
	left join touch n on n.touch_id = t.touch_id
	left join gathered g on g.person_id = r.person_id
	left join was_there w on w.touch_id = r.touch_id
),
journeys as (
	select
		x.deal_id,
		count(case when x.came then 1 end) as came, count(case when x.went then 1 end) as went, count(case when x.altered then 1 end) as altered,
		max(case when x.withheld then 1 else 0 end) = 1 as withheld, max(case when x.erased then 1 else 0 end) = 1 as erased,
		max(case when x.merged then 1 else 0 end) = 1 as merged,
		max(case when x.altered or (x.came or x.went) and not x.merged and not x.erased then 1 else 0 end) = 1 as late
	from touched x
	group by x.deal_id
),
paired as (
	select
		coalesce(t.deal_id, r.deal_id) as deal_id, t.deal_id is not null as was, r.deal_id is not null as has,
		coalesce(r.account_id, t.account_id) as account_id, coalesce(d.membership_id, t.membership_id) as membership_id,
		coalesce(d.name, '') as name, coalesce(d.status, '') as status,
		t.amount_minor as then_amount, coalesce(t.currency, '') as then_currency, r.amount_minor as now_amount, coalesce(r.currency, '') as now_currency,
		t.closed_at as then_closed, coalesce(r.closed_at, d.closed_at) as now_closed,
		t.deal_id is not null and r.deal_id is not null and t.amount_minor is not distinct from r.amount_minor
			and t.currency is not distinct from r.currency and t.reporting_minor is distinct from r.reporting_minor as rate,
		t.deal_id is null or r.deal_id is null or t.amount_minor is distinct from r.amount_minor or t.currency is distinct from r.currency
			or t.created_at is distinct from r.created_at or t.closed_at is distinct from r.closed_at as late,
		t.lead_at is distinct from r.lead_at as lead
	from then_deal t
	full outer join redone_deal r on r.deal_id = t.deal_id
	left join deal d on d.deal_id = coalesce(t.deal_id, r.deal_id)
),
judged as (
	select
		p.deal_id, p.account_id, p.name, p.status, p.was, p.has, p.then_amount, p.then_currency, p.now_amount, p.now_currency, p.then_closed, p.now_closed,
		case when p.membership_id in (select m.membership_id from membership m) then p.membership_id else '' end as membership_id,
		coalesce(j.came, 0) as came, coalesce(j.went, 0) as went, coalesce(j.altered, 0) as altered,
		p.rate, coalesce(j.withheld, false) as withheld, coalesce(j.erased, false) as erased, coalesce(j.merged, false) as merged,
		p.late or coalesce(j.late, false) or p.lead and not coalesce(j.erased or j.merged, false) as late
	from paired p
	left join journeys j on j.deal_id = p.deal_id
)
select
	j.deal_id, j.account_id, j.name, j.status, j.was, j.has, j.then_amount, j.then_currency, j.now_amount, j.now_currency, j.then_closed, j.now_closed,
	j.came, j.went, j.altered, j.rate, j.withheld, j.erased, j.merged, j.late,
	case
		when j.rate then 'rate'
		when j.withheld then 'withheld'
		when j.erased then 'erased'
		when j.merged then 'merged'
		when j.late then 'late'
		else ''
	end as cause
from judged j
where j.membership_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
