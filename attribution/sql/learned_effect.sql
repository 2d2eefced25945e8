-- What markov and shapley say of all closed journeys at once. effect and
-- value_effect: the share of won deals and of revenue lost by removal; _won: from
-- won journeys alone. The money columns are minor units of the reporting currency
-- and each sums to the revenue of the journeys; null where nothing can be shared.
-- Grain: one row a level and channel, campaign or rep; '' has none.
create or replace table learned_effect (
	level varchar, id varchar, effect double, value_effect double, markov_minor bigint,
	effect_won double, value_effect_won double, markov_won_minor bigint, shapley_minor bigint
)
