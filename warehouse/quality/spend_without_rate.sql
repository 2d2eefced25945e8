-- title: Spend in a currency without a rate
-- why: It is missing from efficiency.
select s.day, s.channel, s.campaign_id, s.currency, s.amount_minor, s.source
from spend s
where s.reporting_minor is null and s.amount_minor is not null
order by s.day, s.channel, s.campaign_id, s.currency, s.source
