-- The rows of the ledger behind one group of a view under one model, the deal with
-- the largest first. What is withheld is one row a deal, without its touches. Grain: one row
-- a deal and touch; rows and credit are of the whole group. Begins with
-- view_part.
/*part*/,
picked as materialized (
	select p.deal_no, p.touch_no, p.credit
	from placed p
	where p.kind = $kind and p.id = $id and p.weight > 0 and p.kind <> 'withheld'
	union all
	select p.deal_no, cast(0 as bigint), cast(sum(p.credit) as bigint)
	from placed p
	where p.kind = $kind and p.kind = 'withheld' and p.weight > 0
	group by p.deal_no
)
select
	d.deal_id, coalesce(f.name, '') as deal, coalesce(a.name, '') as account, d.closed_at,
	coalesce(t.touch_id, '') as touch_id, t.occurred_at, coalesce(t.kind, '') as touch_kind, coalesce(t.channel, '') as channel,
	coalesce(t.campaign_id, '') as campaign_id, coalesce(t.post_id, '') as post_id, coalesce(t.rep_id, '') as rep_id, coalesce(t.title, '') as title, coalesce(j.position, 0) as position,
	coalesce(t.evidence, '') as evidence, coalesce(j.bucket, 'withheld') as bucket,
	case when j.deal_no is null then d.vw_/*model*/ else 1e0 * j.w_/*model*/ / (/*total*/) end as weight,
	p.credit, d.reporting_minor,
	g.of_rows, g.of_credit,
	coalesce(c.name, r.name, m.name, nullif(x.title, ''), case when $dimension = 'content' then substr($id, 6) else $id end) as name
from picked p
cross join (select count(*) as of_rows, cast(sum(a.credit) as bigint) as of_credit from picked a) g
join journey_deal d on d.deal_no = p.deal_no
left join deal f on f.deal_id = d.deal_id
left join account a on a.account_id = d.account_id
left join journey_touch j on j.deal_no = p.deal_no and j.touch_no = p.touch_no
left join touch t on t.touch_no = p.touch_no
left join campaign c on c.campaign_id = case when $dimension = 'campaign' then $id end
left join rep r on r.rep_id = case when $dimension = 'rep' then $id end
left join team m on m.team_id = case when $dimension = 'team' then $id end
left join post x on x.post_id = case when $dimension = 'post' then $id when $dimension = 'content' and $id like 'post:%' then substr($id, 6) end
order by p.credit desc, d.deal_id, coalesce(j.position, 0)
offset $skip limit $size
