-- One row per local day on which deals were won in the period: their sum in the
-- reporting currency.
-- with: scoped_deal
select s.closed_day, cast(sum(s.reporting_minor) as bigint) as won_minor
from scoped_deal s
where s.status = 'won'
  and s.closed_at >= $from
  and s.closed_at < $until
  and s.reporting_minor is not null
group by s.closed_day
order by s.closed_day
