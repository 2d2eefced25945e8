-- One row per group with a quota: what it has won beside it.
-- with: quota_sum, decided
select
    q.key, q.quota_minor, q.days, q.days_gone,
    coalesce(d.won_minor, 0) as won_minor,
    coalesce(d.won_n, 0) as won_n,
    coalesce(d.uncounted_n, 0) as uncounted_n
from quota_sum q
left join decided d on d.key = q.key
