-- The credit of incremental at one level with its 90 % interval. Grain: one row
-- a channel, campaign or rep.
select e.id, cast(e.credit_low as double), cast(e.credit_high as double)
from incremental_effect e
where e.level = $level and e.id <> ''
order by e.id
