-- What every view of the ledger is made of, under one model: the beginning of
-- view, view_rows and view_deals. $basis is cash (deals closed in the period) or
-- accrual (touches dated in it; what went to no touch is dated at the close).
--
-- won      one row a won deal with an amount and a rate in scope; closed: in the
--          period
-- earned   one row a deal and eligible touch that the basis counts
-- placed   the same once in every view asked for, with the group it stands in:
--          kind '' named, 'none' or 'withheld'
with won as (
	select d.deal_no, d.reporting_minor as deal_minor, d.counted_at >= $from and d.counted_at < $to as closed/*residues*/
	from journey_deal d
	where d.status = 'won' and d.amount_minor is not null and d.reporting_minor is not null
		and ($basis = 'accrual' or d.counted_at >= $from and d.counted_at < $to)
		and d.membership_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
),
earned as (
	select
		w.deal_no, w.deal_minor, j.touch_no, j.withheld, j.bucket, t.evidence, t.channel, t.campaign_id, t.post_id, t.rep_id,
		coalesce(o.team_id, '') as team_id,
		case when t.post_id <> '' then 'post:' || t.post_id when t.page <> '' then 'page:' || t.page else '' end as content,
		j.w_/*model*/ as weight, j.r_/*model*/ as credit/*credits*/
	from won w
	join journey_touch j on j.deal_no = w.deal_no
	join touch t on t.touch_no = j.touch_no
	left join membership o on o.rep_id = t.rep_id and t.occurred_at >= o.from_at and t.occurred_at < o.until_at
	where case when $basis = 'accrual' and not j.withheld then t.occurred_at >= $from and t.occurred_at < $to else w.closed end
),
asked as (
	select x.dimension
	from (values ('channel'), ('campaign'), ('post'), ('content'), ('rep'), ('team')) x(dimension)
	where strpos($dimensions, ',' || x.dimension || ',') > 0
),
named_row as (
	select
		a.dimension,
		case
			when e.withheld then ''
			when a.dimension = 'channel' then e.channel
			when a.dimension = 'campaign' then e.campaign_id
			when a.dimension = 'post' then e.post_id
			when a.dimension = 'content' then e.content
			when a.dimension = 'rep' then e.rep_id
			else e.team_id
		end as id,
		e.*
	from earned e
	cross join asked a
),
placed as materialized (
	select case when n.withheld then 'withheld' when n.id = '' then 'none' else '' end as kind, n.*
	from named_row n
)
