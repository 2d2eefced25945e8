-- What journey_touch holds, of other settings; null under a model that is not asked
-- about. Grain: one row a deal and eligible touch.
create or replace temp /*name*/ as
/*rows*/
