-- title: Meetings held
-- unit: count
-- grain: one row per group
-- formula: number of meetings someone came to
-- why: Two calendars agreed; the strongest sign of work on both sides.
-- source: activities of kind meeting, outcome other than no_show
-- good: up
-- by: company team rep
-- empty: zero
-- with: activity
select a.key, null as minor, cast(a.meetings_n as double) as number, a.meetings_n as n, a.booked_n as of_n, 0 as uncounted, '' as note
from activity a
