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
-- with: scoped_deal
select
    s.key, null as minor,
    1e0 * sum(coalesce(p.people_n, 0)) / nullif(count(*), 0) as number,
    cast(count(*) as bigint) as n, cast(count(*) as bigint) as of_n, 0 as uncounted, '' as note
from scoped_deal s
left join deal_people p on p.deal_id = s.deal_id
where s.status in ('won', 'lost')
  and s.closed_at >= $from
  and s.closed_at < $until
group by s.key
