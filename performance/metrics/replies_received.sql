-- title: Replies received
-- unit: count
-- grain: one row per group
-- formula: number of e-mails and chat messages received from people outside; automatic answers and bounces do not count
-- why: Someone answered.
-- source: activities of kind email and chat, direction inbound; engagements of kind reply
-- good: up
-- by: company team rep
-- empty: zero
-- with: activity
select a.key, null as minor, cast(a.replies_n as double) as number, a.replies_n as n, a.replies_n as of_n, 0 as uncounted, '' as note
from activity a
