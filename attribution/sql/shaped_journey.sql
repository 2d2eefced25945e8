-- What was computed of journeys once, for who asks often. Grain: one row a deal with
-- a touch.
create or replace temp view journey_shape as
select * from shaped_journey
