-- Every touch of every journey with its weight and money under every model.
-- Grain: one row a deal and eligible touch, in journey order.
--
-- Where a model stands below, its expressions are put in, once a model:
-- w_ its integer weight, k_ the running and t_ the total weight of the journey,
-- what no touch earned included, a_ and r_ its credit in the deal's and the
-- reporting currency. What only learned models read is joined when one of them
-- is listed.
create or replace /*temp*/ table journey_touch as
with shaped as (
	select
		s.deal_no, s.touch_no, cast(s.position as integer) as position, h.touches, h.nondirect,
		h.lead_position, h.creation_position, h.close_position,
		cast(date_diff('second', s.occurred_at, h.last_at) as bigint) as age_s,
		s.withheld,
		case
			when s.withheld then 'withheld'
			when s.rep_id = '' then ''
			when s.occurred_at <= d.created_at and (s.position = 1 or (s.person_id <> '' and s.person_id = h.first_person_id)) then 'sourced'
			else 'assisted'
		end as bucket,
		case when d.status = 'won' then d.amount_minor end as amount_minor,
		case when d.status = 'won' and d.amount_minor is not null then d.reporting_minor end as reporting_minor,
		cast($half_life_s as double) as half_life_s,
		cast($custom_first as double) as custom_first, cast($custom_lead as double) as custom_lead,
		cast($custom_creation as double) as custom_creation, cast($custom_close as double) as custom_close,
		cast($custom_others as double) as custom_others/*facts*/
	from step s
	join journey_shape h on h.deal_no = s.deal_no
	join deal_window d on d.deal_no = s.deal_no/*sources*/
),
weighed as (
	select j.*/*weights*/
	from shaped j
),
running as (
	select j.*/*running*/
	from weighed j
),
paid as (
	select j.*/*amounts*/
	from running j
)
select
	j.deal_no, j.touch_no, j.position, j.touches, j.nondirect, j.lead_position, j.creation_position, j.close_position,
	j.age_s, j.withheld, j.bucket/*credits*/
from paid j
order by j.deal_no, j.position
