-- What markov learned of each channel: its removal effect in units of 10^-12.
-- Grain: one row a channel.
create or replace temp table learned_channel (channel varchar, markov bigint)
