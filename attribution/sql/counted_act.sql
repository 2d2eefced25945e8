-- How many records each touch has, and one of them. Grain: one row a touch.
create or replace temp table counted_act as
select k.touch_id, count(*) as records, min(k.act_no) as act_no
from keyed_act k
group by k.touch_id
