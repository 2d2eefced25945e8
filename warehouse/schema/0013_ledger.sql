-- Journeys are views from this version on, over tables that a refresh makes: what
-- was derived before is out of date, whatever program asks.
drop table if exists journey_touch;
drop table if exists journey_deal;
update generation set built_by = 'schema 12';
