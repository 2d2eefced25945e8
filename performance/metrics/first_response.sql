-- title: First response, median
-- unit: hours
-- grain: one row per group
-- formula: median of the time from a customer's first unanswered e-mail or chat message to the rep's next message to that person; asked in the period, answered within 30 days
-- why: How long a customer waits.
-- source: activities of kind email and chat
-- good: down
-- by: company team rep
-- empty: none
-- with: scoped_rep, span
select
    n.span || r.key as key, null as minor,
    cast(median_of(p.seconds) as double) / 36e2 as number,
    cast(sum(case when p.seconds is not null then 1 else 0 end) as bigint) as n,
    cast(count(*) as bigint) as of_n, 0 as uncounted, '' as note
from scoped_rep r
join response p on p.rep_id = r.rep_id and p.asked_at >= r.stay_from and p.asked_at < r.stay_until
join span n on p.asked_at >= n.from_at and p.asked_at < n.until_at
group by 1
