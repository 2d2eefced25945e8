-- Without Direct, unless all touches of the deal are Direct. Grain: one row a
-- deal and kept touch.
create or replace temp table path as
with kind as (
	select p.deal_no, max(case when t.channel <> 'Direct' then 1 else 0 end) as other
	from pair p
	join counting_touch t on t.touch_no = p.touch_no
	group by p.deal_no
)
select p.deal_no, p.touch_no
from pair p
join counting_touch t on t.touch_no = p.touch_no
join kind k on k.deal_no = p.deal_no
where t.channel <> 'Direct' or k.other = 0
