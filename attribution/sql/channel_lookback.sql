-- How many days more than other channels' the lookback of a channel has; negative
-- when fewer. Grain: one row a channel with a lookback of its own.
create or replace /*temp*/ table channel_lookback (channel varchar, more_days bigint)
