-- The touches of every journey with what models say of each, as far as that is not
-- quickly told from the rest: a weight or total that columns here give is left
-- out, and of the credit in the reporting currency only d_, how much more it is
-- than the other, is kept. Grain: one row a deal and eligible touch.
create or replace table journey_credit as
/*rows*/
