-- The ledger of a period, shared among the groups of the views asked for. The
-- credit columns come once a model; deals, touches, evidence and buckets are of
-- the model asked for; reach is the revenue of the deals with an eligible touch
-- of the group, whatever the model. Grain: one row a view and group: kind ''
-- named, 'none', 'withheld' or 'unattributed'. Begins with view_part.
/*part*/,
paid as (
	select x.dimension, x.kind, x.id, count(*) as touches,
		count(case when x.evidence = 'A' then 1 end) as touches_a,
		count(case when x.evidence = 'B' then 1 end) as touches_b,
		count(case when x.evidence = 'C' then 1 end) as touches_c
	from (select distinct p.dimension, p.kind, p.id, p.touch_no, p.evidence from placed p where p.weight > 0) x
	group by x.dimension, x.kind, x.id
),
reached as (
	select x.dimension, x.kind, x.id, cast(sum(x.paid) as bigint) as deals, cast(sum(x.deal_minor) as bigint) as reach
	from (
		select p.dimension, p.kind, p.id, p.deal_no, p.deal_minor, max(case when p.weight > 0 then 1 else 0 end) as paid
		from placed p
		group by p.dimension, p.kind, p.id, p.deal_no, p.deal_minor
	) x
	group by x.dimension, x.kind, x.id
),
summed as (
	select
		p.dimension, p.kind, p.id,
		cast(sum(p.credit) as bigint) as credit,
		cast(sum(case when p.evidence = 'A' then p.credit else 0 end) as bigint) as credit_a,
		cast(sum(case when p.evidence = 'B' then p.credit else 0 end) as bigint) as credit_b,
		cast(sum(case when p.evidence = 'C' then p.credit else 0 end) as bigint) as credit_c,
		cast(sum(case when p.bucket = 'sourced' then p.credit else 0 end) as bigint) as sourced,
		cast(sum(case when p.bucket = 'assisted' then p.credit else 0 end) as bigint) as assisted/*sums*/
	from placed p
	group by p.dimension, p.kind, p.id
),
left_over as (
	select count(case when w.uw_/*model*/ > 0 then 1 end) as deals, cast(coalesce(sum(w.ur_/*model*/), 0) as bigint) as credit/*unattributed*/
	from won w
	where w.closed
),
grouped as (
	select
		s.dimension, s.kind, s.id, h.deals, coalesce(d.touches, 0) as touches, h.reach, s.credit, s.credit_a, s.credit_b, s.credit_c,
		coalesce(d.touches_a, 0) as touches_a, coalesce(d.touches_b, 0) as touches_b, coalesce(d.touches_c, 0) as touches_c,
		s.sourced, s.assisted/*summed*/
	from summed s
	join reached h on h.dimension = s.dimension and h.kind = s.kind and h.id = s.id
	left join paid d on d.dimension = s.dimension and d.kind = s.kind and d.id = s.id
	union all
	select a.dimension, 'unattributed', '', u.deals, 0, 0, u.credit, 0, 0, 0, 0, 0, 0, 0, 0/*leftover*/
	from left_over u
	cross join asked a
),
suspect as (
	select x.dimension, x.id, count(distinct x.touch_no) as touches
	from (
		select
			a.dimension,
			case
				when a.dimension = 'rep' then t.rep_id
				when a.dimension = 'team' then coalesce(o.team_id, '')
				when a.dimension = 'content' then 'post:' || t.post_id
				else t.post_id
			end as id,
			t.touch_no
		from won w
		join suspected_touch s on s.deal_no = w.deal_no
		join touch t on t.touch_no = s.touch_no
		left join membership o on o.rep_id = t.rep_id and t.occurred_at >= o.from_at and t.occurred_at < o.until_at
		cross join asked a
		where a.dimension in ('rep', 'team', 'post', 'content')
			and case when $basis = 'accrual' then t.occurred_at >= $from and t.occurred_at < $to else w.closed end
	) x
	where x.id <> ''
	group by x.dimension, x.id
),
named as (
	select g.dimension, g.kind, g.id from grouped g
	union
	select s.dimension, '', s.id from suspect s
)
select
	n.dimension, n.kind, n.id,
	case
		when n.kind <> '' then ''
		when n.dimension = 'campaign' then coalesce(c.name, n.id)
		when n.dimension = 'rep' then coalesce(r.name, n.id)
		when n.dimension = 'team' then coalesce(m.name, n.id)
		when n.dimension in ('post', 'content') then coalesce(nullif(p.title, ''), substr(n.id, case when n.dimension = 'content' then 6 else 1 end))
		else n.id
	end as name,
	case when n.kind = '' then coalesce(c.channel, p.channel, '') else '' end as channel,
	case when n.kind <> '' then '' when n.dimension = 'rep' then coalesce(r.team_id, '') when n.dimension = 'team' then n.id else '' end as team_id,
	coalesce(g.deals, 0), coalesce(g.touches, 0), coalesce(g.reach, 0), coalesce(g.credit, 0),
	coalesce(g.credit_a, 0), coalesce(g.credit_b, 0), coalesce(g.credit_c, 0),
	coalesce(g.touches_a, 0), coalesce(g.touches_b, 0), coalesce(g.touches_c, 0),
	coalesce(g.sourced, 0), coalesce(g.assisted, 0), coalesce(s.touches, 0)/*answers*/
from named n
left join grouped g on g.dimension = n.dimension and g.kind = n.kind and g.id = n.id
left join suspect s on s.dimension = n.dimension and s.id = case when n.kind = '' then n.id end
left join campaign c on c.campaign_id = case when n.dimension = 'campaign' then n.id end
left join rep r on r.rep_id = case when n.dimension = 'rep' then n.id end
left join team m on m.team_id = case when n.dimension = 'team' then n.id end
left join post p on p.post_id = case when n.dimension = 'post' then n.id when n.dimension = 'content' and n.id like 'post:%' then substr(n.id, 6) end
order by
	n.dimension,
	case n.kind when '' then 0 when 'none' then 1 when 'withheld' then 2 else 3 end,
	coalesce(g.credit, 0) desc, n.id
