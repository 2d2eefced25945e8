-- title: Posts published
-- unit: count
-- grain: one row per group
-- formula: number of posts its reps published
-- why: Volume, to be read beside what the posts earned.
-- source: posts with an author among the reps
-- good: none
-- by: company team rep
-- empty: zero
-- with: scoped_rep, span
select n.span || r.key as key, null as minor, cast(count(*) as double) as number, cast(count(*) as bigint) as n, cast(count(*) as bigint) as of_n, 0 as uncounted, '' as note
from scoped_rep r
join post p on p.author_rep_id = r.rep_id and p.published_at >= r.stay_from and p.published_at < r.stay_until
join span n on p.published_at >= n.from_at and p.published_at < n.until_at
group by 1
