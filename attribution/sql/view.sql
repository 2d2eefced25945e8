-- The ledger of the deals won in a period, shared among the groups of one
-- dimension (channel, campaign, rep or post). The credit columns come once a
-- model; evidence and buckets are of the model asked for. Grain: one row a
-- group: kind '' named, 'none', 'withheld' or 'unattributed'.
with won as (
	select d.deal_no, d.reporting_minor/*residues*/
	from journey_deal d
	where d.status = 'won' and d.amount_minor is not null and d.reporting_minor is not null
		and d.counted_at >= $from and d.counted_at < $to
		and d.owner_rep_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
),
part as materialized (
	select
		case
			when j.withheld then ''
			when $dimension = 'channel' then t.channel
			when $dimension = 'campaign' then t.campaign_id
			when $dimension = 'rep' then t.rep_id
			else t.post_id
		end as id,
		j.withheld, j.deal_no, j.touch_no, t.evidence, j.bucket,
		j.w_/*model*/ as weight, j.r_/*model*/ as credit/*credits*/
	from won w
	join journey_touch j on j.deal_no = w.deal_no
	join touch t on t.touch_no = j.touch_no
),
paid as (
	select x.withheld, x.id, count(*) as touches,
		count(case when x.evidence = 'A' then 1 end) as touches_a,
		count(case when x.evidence = 'B' then 1 end) as touches_b,
		count(case when x.evidence = 'C' then 1 end) as touches_c
	from (select distinct p.withheld, p.id, p.touch_no, p.evidence from part p where p.weight > 0) x
	group by x.withheld, x.id
),
summed as (
	select
		p.withheld, p.id,
		count(distinct case when p.weight > 0 then p.deal_no end) as deals,
		cast(sum(p.credit) as bigint) as credit,
		cast(sum(case when p.evidence = 'A' then p.credit else 0 end) as bigint) as credit_a,
		cast(sum(case when p.evidence = 'B' then p.credit else 0 end) as bigint) as credit_b,
		cast(sum(case when p.evidence = 'C' then p.credit else 0 end) as bigint) as credit_c,
		cast(sum(case when p.bucket = 'sourced' then p.credit else 0 end) as bigint) as sourced,
		cast(sum(case when p.bucket = 'assisted' then p.credit else 0 end) as bigint) as assisted/*sums*/
	from part p
	group by p.withheld, p.id
),
grouped as (
	select
		case when s.withheld then 'withheld' when s.id = '' then 'none' else '' end as kind,
		s.id, s.deals, coalesce(d.touches, 0) as touches, s.credit, s.credit_a, s.credit_b, s.credit_c,
		coalesce(d.touches_a, 0) as touches_a, coalesce(d.touches_b, 0) as touches_b, coalesce(d.touches_c, 0) as touches_c,
		s.sourced, s.assisted/*summed*/
	from summed s
	left join paid d on d.withheld = s.withheld and d.id = s.id
	union all
	select
		'unattributed', '', count(case when w.uw_/*model*/ > 0 then 1 end), 0, cast(coalesce(sum(w.ur_/*model*/), 0) as bigint),
		0, 0, 0, 0, 0, 0, 0, 0/*unattributed*/
	from won w
),
suspect as (
	select x.id, count(distinct x.touch_no) as touches
	from (
		select case when $dimension = 'rep' then t.rep_id else t.post_id end as id, t.touch_no
		from won w
		join suspected_touch s on s.deal_no = w.deal_no
		join touch t on t.touch_no = s.touch_no
		where $dimension in ('rep', 'post')
	) x
	group by x.id
),
named as (
	select g.kind, g.id from grouped g
	union
	select '', s.id from suspect s
)
select
	n.kind, n.id,
	case
		when n.kind <> '' then ''
		when $dimension = 'campaign' then coalesce(c.name, n.id)
		when $dimension = 'rep' then coalesce(r.name, n.id)
		when $dimension = 'post' then coalesce(p.title, n.id)
		else n.id
	end as name,
	case when n.kind <> '' then '' when $dimension = 'campaign' then coalesce(c.channel, '') when $dimension = 'post' then coalesce(p.channel, '') else '' end as channel,
	case when n.kind = '' and $dimension = 'rep' then coalesce(r.team_id, '') else '' end as team_id,
	coalesce(g.deals, 0), coalesce(g.touches, 0), coalesce(g.credit, 0),
	coalesce(g.credit_a, 0), coalesce(g.credit_b, 0), coalesce(g.credit_c, 0),
	coalesce(g.touches_a, 0), coalesce(g.touches_b, 0), coalesce(g.touches_c, 0),
	coalesce(g.sourced, 0), coalesce(g.assisted, 0), coalesce(s.touches, 0)/*answers*/
from named n
left join grouped g on g.kind = n.kind and g.id = n.id
left join suspect s on s.id = case when n.kind = '' then n.id end
left join campaign c on c.campaign_id = case when $dimension = 'campaign' then n.id end
left join rep r on r.rep_id = case when $dimension = 'rep' then n.id end
left join post p on p.post_id = case when $dimension = 'post' then n.id end
order by
	case n.kind when '' then 0 when 'none' then 1 when 'withheld' then 2 else 3 end,
	coalesce(g.credit, 0) desc, n.id
