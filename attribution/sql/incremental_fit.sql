-- What incremental learned from, and why it learned nothing when it did not.
-- creation_follows and moves_follows: what following other acts of the account
-- adds to a touch's effects; at most 0. Grain: one row.
create or replace table incremental_fit (
	reason varchar, accounts bigint, days bigint, created bigint, won bigint, moves bigint,
	creation_follows double, moves_follows double
)
