-- Why deals won in a period have no eligible touch. Grain: one row a reason.
-- Begins with uncovered_part.
/*part*/
select u.reason, count(*) as deals, cast(sum(u.reporting_minor) as bigint) as won_minor
from uncovered_deal u
group by u.reason
order by 3 desc, 1
