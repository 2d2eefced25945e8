-- title: Replies per mail sent
-- unit: share
-- grain: one row per group
-- formula: replies received ÷ e-mails sent, both in the period
-- why: The outcome beside the volume.
-- source: as replies_received and mails_sent
-- good: up
-- by: company team rep
-- empty: none
-- with: activity
select
    a.key, null as minor, 1e0 * a.replies_n / nullif(a.mails_n, 0) as number,
    a.replies_n as n, a.mails_n as of_n, 0 as uncounted, '' as note
from activity a
