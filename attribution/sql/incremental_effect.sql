-- What incremental says each channel, campaign and rep earned, in minor units of
-- the reporting currency, with the ends of its 90 % interval; an end below 0:
-- harm cannot be ruled out. touches: in journeys of won deals. Grain: one row a
-- level and channel, campaign or rep.
create or replace table incremental_effect (
	level varchar, id varchar, touches bigint, credit_minor bigint, credit_low bigint, credit_high bigint
)
