-- The path of each deal with a number that counts on over all deals: the engine's
-- row number, which follows the order that path was written in and costs nothing,
-- where a window over all rows sorts them again. Grain: one row a deal and touch.
create or replace temp view numbered_path as
select
	p.rowid as row_no, p.deal_no, p.touch_no, p.closed_age, p.before_creation, p.before_lead, p.channel_no, p.direct, p.person_no, p.by_rep, p.withheld
from path p
