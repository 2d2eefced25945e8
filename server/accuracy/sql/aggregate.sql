-- What markov and shapley credit when they look at all closed journeys at once,
-- in the reporting currency. Grain: one row a level and channel, campaign or
-- rep; the empty id is what names none.
select 'markov (aggregate)' as model, e.level, e.id, e.markov_minor as credit_minor
from learned_effect e
where e.markov_minor is not null
union all
select 'shapley (aggregate)', e.level, e.id, e.shapley_minor
from learned_effect e
where e.shapley_minor is not null
order by 1, 2, 3
