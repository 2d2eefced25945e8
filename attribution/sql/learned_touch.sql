-- What incremental learned of each touch: its single-removal loss in units of
-- 10^-12. Grain: one row a deal and touch.
create or replace temp table learned_touch (deal_no bigint, position integer, incremental bigint)
