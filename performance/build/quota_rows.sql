-- One row per quota with a value in the reporting currency. quota.period_from and
-- period_to are the half-open bounds of its period.
select q.rep_id, q.team_id, q.period, q.reporting_minor
from quota q
where q.reporting_minor is not null
order by q.team_id, q.rep_id, q.period, q.reporting_minor
