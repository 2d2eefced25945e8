-- Every eligible touch. Grain: one row a deal and touch.
create or replace temp table path as
select p.deal_no, p.touch_no
from pair p
