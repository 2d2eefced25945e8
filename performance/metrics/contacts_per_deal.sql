-- title: Contacts per deal
-- unit: number
-- grain: one row per group
-- formula: average number of different people with an eligible touch in the journeys of the deals decided in the period
-- why: One contact leaves, goes on holiday or loses the argument.
-- source: journeys of won and lost deals by close date
-- good: up
-- by: company team rep
-- empty: none
-- rows: status=decided&closed=period
-- with: scoped_deal, span
select
    n.span || s.key as key, null as minor,
    1e0 * sum(coalesce(p.people_n, 0)) / nullif(count(*), 0) as number,
    cast(count(*) as bigint) as n, cast(count(*) as bigint) as of_n, 0 as uncounted, '' as note
from scoped_deal s
join span n on s.closed_at >= n.from_at and s.closed_at < n.until_at
left join deal_people p on p.deal_id = s.deal_id
where s.status in ('won', 'lost')
group by 1
