-- title: E-mails sent
-- unit: count
-- grain: one row per group
-- formula: number of e-mails sent to people outside the company; the same mail in several sources counts once
-- why: Volume, to be read beside the reply rate: alone it can be gamed.
-- source: activities of kind email, direction outbound
-- good: none
-- by: company team rep
-- empty: zero
-- with: activity
select a.key, null as minor, cast(a.mails_n as double) as number, a.mails_n as n, a.mails_n as of_n, 0 as uncounted, '' as note
from activity a
