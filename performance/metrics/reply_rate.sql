-- title: Reply rate
-- unit: share
-- grain: one row per group
-- formula: e-mails sent that the person answered within 14 days ÷ e-mails sent to people outside, both in the period
-- why: The outcome beside the volume of mail.
-- source: activities of kind email and chat; automatic answers and bounces are no answers
-- good: up
-- by: company team rep
-- empty: none
-- with: scoped_rep, span
select
    n.span || r.key as key, null as minor, 1e0 * sum(o.answered) / nullif(count(*), 0) as number,
    cast(sum(o.answered) as bigint) as n, cast(count(*) as bigint) as of_n, 0 as uncounted, '' as note
from scoped_rep r
join outreach o on o.rep_id = r.rep_id and o.sent_at >= r.stay_from and o.sent_at < r.stay_until
join span n on o.sent_at >= n.from_at and o.sent_at < n.until_at
group by 1
