-- journey_count for who asks often. Grain: one row a deal with a touch.
create or replace temp table counted_journey as
select * from journey_count
