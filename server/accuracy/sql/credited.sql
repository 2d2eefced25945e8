-- What every model credits, in the reporting currency. Grain: one row a model
-- and channel, campaign and rep that earned together, and one a model for what
-- no touch earned; credit of people who opted out is part of it.
select
	c.model,
	c.bucket in ('unattributed', 'withheld') as unattributed,
	c.channel, c.campaign_id, c.rep_id,
	cast(sum(c.reporting_minor) as bigint) as credit_minor
from credit c
where c.reporting_minor is not null
group by 1, 2, 3, 4, 5
order by 1, 2, 3, 4, 5
