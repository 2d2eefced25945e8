-- The touches of a what-if before the stored ones. Grain: one row a deal and
-- eligible touch.
create or replace temp view journey_touch as
select * from told_touch
