-- What markov and shapley learned from, a level at a time, and why they learned
-- nothing when they did not. Grain: one row a level.
create or replace table learned_level (
	level varchar, won bigint, lost bigint, nodes bigint, states bigint, missing varchar
)
