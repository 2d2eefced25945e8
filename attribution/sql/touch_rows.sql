-- Every touch of every journey with its weight and money under models. Part of
-- journey_credit and of what-ifs. Grain: one row a deal and eligible touch.
--
-- Where a model stands below, its expressions are put in, once a model:
-- w_ its integer weight, k_ the running and t_ the total weight of the journey,
-- what no touch earned included, a_ its credit in the deal's currency. Windows add
-- up the weights that no expression sums. q_ and p_ are the amount times k_ and
-- times the k_ before, over t_, in doubles, x_ and y_ the two rounded and n_ the
-- difference, which is the credit. A double is off by less than 0.0006 while the
-- amount is below 10^12: where one lies within 0.001 of a half, which e_ says,
-- near_share must be asked, and beyond exact_share. Each step is a column of its own: the
-- engine computes whole columns quickly and cases of a column slowly. Journeys
-- are joined from the left so that the engine holds the few rows of deals in
-- memory and not the many of touches: it knows no sizes before a refresh ends.
with numbered as (
	select
		p.deal_no, p.touch_no, p.closed_age, p.before_creation, p.person_key, p.by_rep, p.withheld,
		/*place*/ as place/*running_sums*/
	from /*path*/ p
),
shaped as (
	select
		n.deal_no, n.touch_no, n.place - h.first_place + 1 as position, h.touches, h.nondirect_touch_no, h.lead_position, h.creation_position, h.close_position,
		n.closed_age - h.last_age as age_s, n.withheld,
		case
			when n.withheld then 'withheld'
			when not n.by_rep then ''
			when n.before_creation and (n.place = h.first_place or (n.person_key <> 0 and n.person_key = h.first_person_key)) then 'sourced'
			else 'assisted'
		end as bucket,
		h.amount_minor, h.reporting_minor, abs(h.amount_minor) as size, cast(least(abs(h.amount_minor), 1000000000000) as double) as share_of,
		s.custom_first, s.custom_lead, s.custom_creation, s.custom_close/*summed*//*closed*/
	from numbered n
	left join /*shape*/ h on h.deal_no = n.deal_no
	cross join attribution_setting s
),
weighed as (
	select j.*/*weights*/
	from shaped j
),
running as (
	select j.*/*running*/
	from weighed j
),
divided as (
	select j.*/*quotients*/
	from running j
),
rounded as (
	select j.*/*rounded*/
	from divided j
),
compared as (
	select j.*/*compared*/
	from rounded j
),
paid as (
	select j.*/*amounts*/
	from compared j
)
select
	j.deal_no, j.touch_no, j.position, j.touches, j.nondirect_touch_no, j.lead_position, j.creation_position, j.close_position,
	j.age_s, j.withheld, j.bucket/*columns*/
from paid j
