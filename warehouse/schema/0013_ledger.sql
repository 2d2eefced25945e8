-- Journeys are views from this version on, over tables that the next refresh makes.
drop table if exists journey_touch;
drop table if exists journey_deal;
