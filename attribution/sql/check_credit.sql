-- What is wrong with the ledger of one model. Its credits are of the touches of
-- journeys, which check_journey looks at. Grain: one row a broken invariant.
with ledger as (/*credit*/),
summed as (
	select
		l.deal_id,
		cast(sum(l.amount_minor) as bigint) as amount_minor, cast(sum(l.reporting_minor) as bigint) as reporting_minor,
		count(l.reporting_minor) as rated, count(*) as rows_of_deal,
		count(case when l.touch_id <> '' then 1 end) as paid, count(distinct case when l.touch_id <> '' then l.touch_id end) as touches,
		count(case when l.bucket = 'unattributed' then 1 end) as unattributed,
		min(l.amount_minor) as least_minor, max(l.amount_minor) as most_minor, min(l.weight) as low, max(l.weight) as high, sum(l.weight) as whole
	from ledger l
	group by l.deal_id
),
wrong as (
	select 'credits and unattributed sum to the amount of every won deal' as invariant, d.deal_id as example
	from deal d
	left join summed s on s.deal_id = d.deal_id
	where d.status = 'won' and d.amount_minor is not null and (s.deal_id is null or s.amount_minor <> d.amount_minor)
	union all
	select 'reporting amounts sum to the reporting amount of every won deal', d.deal_id
	from deal d
	join summed s on s.deal_id = d.deal_id
	where d.reporting_minor is not null and (s.rated <> s.rows_of_deal or s.reporting_minor <> d.reporting_minor)
		or d.reporting_minor is null and s.rated > 0
	union all
	select 'only won deals with an amount have credits', s.deal_id
	from summed s
	left join deal d on d.deal_id = s.deal_id
	where d.deal_id is null or d.status <> 'won' or d.amount_minor is null
	union all
	select 'no touch is paid twice for one deal', s.deal_id
	from summed s
	where s.paid <> s.touches
	union all
	select 'every deal of the ledger has one unattributed row', s.deal_id
	from summed s
	where s.unattributed <> 1
	union all
	select 'weights lie between 0 and 1 and sum to 1', s.deal_id
	from summed s
	where s.low is null or s.low < 0 or s.high > 1 or s.whole < 1 - 1e-9 or s.whole > 1 + 1e-9
	union all
	select 'no credit is more than its deal, or of the other sign', s.deal_id
	from summed s
	join deal d on d.deal_id = s.deal_id
	where s.least_minor < least(d.amount_minor, 0) or s.most_minor > greatest(d.amount_minor, 0)
)
select w.invariant, '/*model*/' as model, count(*) as broken_rows, min(w.example) as example
from wrong w
group by w.invariant
order by w.invariant
