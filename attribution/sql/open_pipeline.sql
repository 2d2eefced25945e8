-- The amounts of open deals, split by one model over the eligible touches they
-- have so far by the rule of the ledger: exactly the amount of each deal.
-- Grain: one row a deal and group of one view: kind '' named, 'none', 'withheld'
-- or 'unattributed'.
with opened as (
	select d.deal_no, d.deal_id, d.reporting_minor
	from journey_deal d
	where d.status = 'open' and d.amount_minor is not null and d.reporting_minor is not null
		and d.membership_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
),
running as (
	select j.deal_no, j.touch_no, j.withheld, j.w_/*model*//*running*/
	from journey_touch j
	where j.deal_no in (select o.deal_no from opened o)
),
part as (
	select
		o.deal_no, t.channel as of_channel, t.campaign_id,
		case when j.withheld then 'withheld' else '' end as kind,
		case
			when j.withheld then ''
			when $dimension = 'channel' then t.channel
			when $dimension = 'campaign' then t.campaign_id
			when $dimension = 'post' then t.post_id
			when $dimension = 'content' then case when t.post_id <> '' then 'post:' || t.post_id when t.page <> '' then 'page:' || t.page else '' end
			when $dimension = 'rep' then t.rep_id
			else coalesce(r.team_id, '')
		end as id,
		/*split*/ as credit
	from running j
	join opened o on o.deal_no = j.deal_no
	join touch t on t.touch_no = j.touch_no
	left join membership r on r.rep_id = t.rep_id and t.occurred_at >= r.from_at and t.occurred_at < r.until_at
	where j.w_/*model*/ > 0
),
shared as (
	select p.deal_no, case when p.kind = '' and p.id = '' then 'none' else p.kind end as kind, p.id, cast(sum(p.credit) as bigint) as credit
	from part p
	group by 1, 2, 3
),
spent as (
	select s.deal_no, cast(sum(s.credit) as bigint) as credit
	from shared s
	group by s.deal_no
),
parts as (
	select s.deal_no, s.kind, s.id, s.credit
	from shared s
	union all
	select o.deal_no, 'unattributed', '', o.reporting_minor - coalesce(s.credit, 0)
	from opened o
	left join spent s on s.deal_no = o.deal_no
	where o.reporting_minor <> coalesce(s.credit, 0) or s.deal_no is null
)
select
	o.deal_id, coalesce(f.name, '') as deal, coalesce(a.name, '') as account, coalesce(f.stage, '') as stage, o.reporting_minor,
	p.kind, p.id,
	case
		when p.kind <> '' then ''
		when $dimension = 'campaign' then coalesce(c.name, p.id)
		when $dimension = 'rep' then coalesce(r.name, p.id)
		when $dimension = 'team' then coalesce(m.name, p.id)
		when $dimension in ('post', 'content') then coalesce(nullif(x.title, ''), substr(p.id, case when $dimension = 'content' then 6 else 1 end))
		else p.id
	end as name,
	case when p.kind = '' then coalesce(c.channel, x.channel, '') else '' end as channel,
	case when p.kind <> '' then '' when $dimension = 'rep' then coalesce(r.team_id, '') when $dimension = 'team' then p.id else '' end as team_id,
	p.credit
from parts p
join opened o on o.deal_no = p.deal_no
left join deal f on f.deal_id = o.deal_id
left join account a on a.account_id = f.account_id
left join campaign c on c.campaign_id = case when $dimension = 'campaign' then p.id end
left join rep r on r.rep_id = case when $dimension = 'rep' then p.id end
left join team m on m.team_id = case when $dimension = 'team' then p.id end
left join post x on x.post_id = case when $dimension = 'post' then p.id when $dimension = 'content' and p.id like 'post:%' then substr(p.id, 6) end
order by o.deal_id, case p.kind when '' then 0 when 'none' then 1 when 'withheld' then 2 else 3 end, p.id
