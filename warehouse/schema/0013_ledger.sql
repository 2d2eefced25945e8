-- Journeys are views from this version on, over tables that a refresh makes: what
-- was derived before is out of date, whatever program asks, and so are the views
-- over it.
drop view if exists credit;
drop view if exists journey;
drop table if exists journey_touch;
drop table if exists journey_deal;
update generation set built_by = 'schema 12' where generation > 0;
