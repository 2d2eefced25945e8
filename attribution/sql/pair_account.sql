-- Touches of everybody of the deal's account, of meetings that somebody of it was
-- at, and touches that a source ties to the deal itself, inside its window.
-- Grain: one row a deal and touch.
create or replace temp table pair as
select d.deal_no, t.touch_no
from deal_window d
join counting_touch t on t.account_id = d.account_id
where d.account_id <> '' and t.reach >= d.window_from and t.occurred_at <= d.window_to
union all
select o.deal_no, o.touch_no
from (
	select d.deal_no, t.touch_no, d.account_id as deal_account_id, t.account_id
	from deal_window d
	join touch_person p on p.account_id = d.account_id
	join counting_touch t on t.touch_no = p.touch_no
	where d.account_id <> '' and t.reach >= d.window_from and t.occurred_at <= d.window_to
	union
	select d.deal_no, t.touch_no, d.account_id, t.account_id
	from deal_window d
	join counting_touch t on t.deal_id = d.deal_id
	where t.deal_id <> '' and t.reach >= d.window_from and t.occurred_at <= d.window_to
) o
where o.deal_account_id = '' or o.account_id <> o.deal_account_id
