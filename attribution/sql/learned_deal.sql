-- What incremental learned of each deal: the weight of what comes without any
-- touch, in units of 10^-12. Grain: one row a deal.
create or replace temp table learned_deal (deal_no bigint, incremental bigint)
