-- Which deals a suspected touch is listed at. Grain: one row a deal and touch.
create or replace /*temp*/ table suspected_touch as
select s.deal_no, t.touch_no
from suspected s
join touch t on t.touch_id = 'post:' || s.post_id || ':' || s.account_id
