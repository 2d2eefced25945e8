-- What is kept back of a journey because somebody opted out, under every model.
-- Grain: one row a deal with a withheld touch.
create or replace /*kind*/ journey_withheld as
select j.deal_no/*sums*/
from /*touches*/ j
where j.withheld
group by j.deal_no
