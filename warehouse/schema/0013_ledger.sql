-- The touches of journeys are a view over journey_credit from this version on: the
-- next refresh makes both.
drop table if exists journey_touch;
