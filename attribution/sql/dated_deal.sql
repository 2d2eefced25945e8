-- The window in which a touch of each deal may earn, both ends included, and
-- the times its milestones are looked for. Grain: one row a deal.
create or replace temp table dated_deal as
with lead_at as (
	select w.deal_id, min(w.lead_created_at) as lead_at
	from (
		select d.deal_id, p.lead_created_at
		from deal d
		join person p on p.account_id = d.account_id and d.account_id <> ''
		where $people = 'account'
		union all
		select dp.deal_id, p.lead_created_at
		from deal_person dp
		join person p on p.person_id = dp.person_id
		where $people = 'deal'
		union all
		select d.deal_id, p.lead_created_at
		from deal d
		join person p on p.person_id = d.primary_person_id and d.primary_person_id <> ''
		where $people = 'primary'
	) w
	group by w.deal_id
)
select
	d.deal_no, d.deal_id, d.account_id, d.primary_person_id, d.membership_id, d.status, d.created_at, d.closed_at, l.lead_at,
	coalesce(case when $anchor = 'close' then d.closed_at else d.created_at end, d.closed_at, cast($now as timestamp))
		- cast($lookback_days as bigint) * interval '1' day as window_from,
	coalesce(d.closed_at, cast($now as timestamp)) as window_to,
	d.amount_minor, d.currency, d.reporting_minor
from (
	select
		cast(row_number() over (order by d.deal_id) as integer) as deal_no, d.deal_id, d.account_id, d.primary_person_id, d.membership_id,
		d.status, d.created_at, d.closed_at, d.amount_minor, d.currency, d.reporting_minor
	from deal d
) d
left join lead_at l on l.deal_id = d.deal_id
where ($deal_id = '' or d.deal_id = $deal_id)
	and ($all_time or (d.closed_at >= $from and d.closed_at < $to))
