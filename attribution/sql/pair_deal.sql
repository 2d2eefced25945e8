-- Touches of people with a role on the deal, inside its window. Grain: one row
-- a deal and touch.
create or replace temp table pair as
select d.deal_no, t.touch_no
from deal_window d
join deal_person dp on dp.deal_id = d.deal_id
join counting_touch t on t.person_id = dp.person_id
where t.person_id <> '' and t.reach >= d.window_from and t.occurred_at <= d.window_to
union
select d.deal_no, t.touch_no
from deal_window d
join deal_person dp on dp.deal_id = d.deal_id
join touch_person p on p.person_id = dp.person_id
join counting_touch t on t.touch_no = p.touch_no
where t.reach >= d.window_from and t.occurred_at <= d.window_to
