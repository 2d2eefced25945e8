-- Why deals won in a period have no eligible touch: for each, the touch of its
-- account that came nearest to being one. The beginning of uncovered and
-- unattributed_rows. Grain of uncovered_deal: one row a deal.
with won as (
	select
		d.deal_no, d.deal_id, d.account_id, d.window_from, d.window_to, d.reporting_minor, d.eligible, d.closed_at/*residues*/
	from journey_deal d
	where d.status = 'won' and d.amount_minor is not null and d.reporting_minor is not null
		and d.counted_at >= $from and d.counted_at < $to
		and d.membership_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
),
near as (
	select w.deal_no, t.occurred_at, t.earns or t.withheld as earns, t.rule, t.channel, t.evidence, w.window_from, w.window_to
	from won w
	join touch t on t.account_id = w.account_id
	where w.account_id <> '' and w.eligible = 0
	union all
	select w.deal_no, t.occurred_at, t.earns or t.withheld, t.rule, t.channel, t.evidence, w.window_from, w.window_to
	from won w
	join touch t on t.deal_id = w.deal_id
	where t.deal_id <> '' and t.account_id <> w.account_id and w.eligible = 0
),
ranked as (
	select
		n.deal_no,
		max(case
			when n.evidence = 'D' then 1
			when n.occurred_at > n.window_to then 2
			when n.occurred_at < n.window_from - coalesce(b.more_days, 0) * interval '1' day then 3
			when not n.earns and n.rule = '' then 4
			when n.rule <> '' or $touches = 'sales' and n.channel <> 'Sales' or $touches = 'marketing' and n.channel = 'Sales' then 5
			else 6
		end) as best
	from near n
	left join channel_lookback b on b.channel = n.channel
	group by n.deal_no
),
uncovered_deal as (
	select
		w.deal_no, w.reporting_minor,
		case
			when r.best is null and w.account_id = '' then 'no account'
			when r.best is null then 'no touch'
			when r.best = 1 then 'suspected'
			when r.best = 2 then 'after close'
			when r.best = 3 then 'before the window'
			when r.best = 4 then 'earns nothing'
			when r.best = 5 then 'not counted'
			else 'other people'
		end as reason
	from won w
	left join ranked r on r.deal_no = w.deal_no
	where w.eligible = 0
)
