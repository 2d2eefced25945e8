-- Without Direct, unless all touches of the deal are Direct. Grain: one row a
-- deal and kept touch.
create or replace temp view path as
with kind as (
	select p.deal_no, max(case when p.direct then 0 else 1 end) as other
	from pair p
	group by p.deal_no
)
select
	p.deal_no, p.touch_no, p.closed_age, p.before_creation, p.before_lead, p.channel_key, p.direct, p.person_key, p.by_rep, p.withheld
from pair p
join kind k on k.deal_no = p.deal_no
where not p.direct or k.other = 0
