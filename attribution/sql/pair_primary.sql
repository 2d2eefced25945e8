-- Touches of the deal's primary contact, inside its window. Grain: one row a
-- deal and touch.
create or replace temp table pair as
select d.deal_no, t.touch_no
from deal_window d
join counting_touch t on t.person_id = d.primary_person_id
where d.primary_person_id <> '' and t.reach >= d.window_from and t.occurred_at <= d.window_to
union
select d.deal_no, t.touch_no
from deal_window d
join touch_person p on p.person_id = d.primary_person_id
join counting_touch t on t.touch_no = p.touch_no
where d.primary_person_id <> '' and t.reach >= d.window_from and t.occurred_at <= d.window_to
