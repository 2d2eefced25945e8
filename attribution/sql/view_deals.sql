-- How many deals have a row in the ledger of a period under one model. Grain:
-- one row. Begins with view_part.
/*part*/
select count(*)
from (
	select e.deal_no from earned e where e.weight > 0
	union
	select w.deal_no from won w where w.closed and w.uw_/*model*/ > 0
) x
