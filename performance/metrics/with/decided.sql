-- One row per group: what was won and lost among the deals that closed in the
-- period. known_n counts won deals with an amount in the reporting currency,
-- uncounted_n those without one (no amount, or a currency without rate).
-- with: scoped_deal, span
select
    p.span || s.key as key,
    cast(sum(case when s.status = 'won' then 1 else 0 end) as bigint) as won_n,
    cast(sum(case when s.status = 'lost' then 1 else 0 end) as bigint) as lost_n,
    cast(coalesce(sum(case when s.status = 'won' then s.reporting_minor end), 0) as bigint) as won_minor,
    cast(sum(case when s.status = 'won' and s.reporting_minor is not null then 1 else 0 end) as bigint) as known_n,
    cast(sum(case when s.status = 'won' and s.reporting_minor is null then 1 else 0 end) as bigint) as uncounted_n,
    median_of(case when s.status = 'won' and s.created_day <= s.closed_day
        then date_diff('day', s.created_day, s.closed_day) end) as cycle_days,
    cast(sum(case when s.status = 'won' and s.created_day <= s.closed_day then 1 else 0 end) as bigint) as cycle_n
from scoped_deal s
join span p on s.closed_at >= p.from_at and s.closed_at < p.until_at
where s.status in ('won', 'lost')
group by 1
