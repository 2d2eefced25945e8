-- What incremental learned from, and why it learned nothing when it did not.
-- Grain: one row.
create or replace table incremental_fit (
	reason varchar, accounts bigint, days bigint, created bigint, won bigint, moves bigint
)
