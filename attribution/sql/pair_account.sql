-- Touches of everybody of the deal's account, and touches that a source ties to
-- the deal itself, inside its window. Grain: one row a deal and touch.
create or replace temp table pair as
select d.deal_no, t.touch_no
from deal_window d
join counting_touch t on t.account_id = d.account_id
where d.account_id <> '' and t.occurred_at >= d.window_from and t.occurred_at <= d.window_to
union all
select d.deal_no, t.touch_no
from deal_window d
join counting_touch t on t.deal_id = d.deal_id
where t.deal_id <> '' and (t.account_id <> d.account_id or d.account_id = '')
	and t.occurred_at >= d.window_from and t.occurred_at <= d.window_to
