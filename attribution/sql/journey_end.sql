-- Every deal with its window and what went to no touch of it: u_, ur_ and uw_ of a
-- model that may leave something over where there are touches, and without a name
-- those of all others, whose touches earn all or are none. t_ is the total weight
-- of the journey, k_ the part of it that touches have: they earned the share k_/t_,
-- rounded once. Grain: one row a deal.
create or replace /*temp*/ /*kind*/ journey_end as
select
	d.deal_no, d.deal_id, d.account_id, d.primary_person_id, d.membership_id, d.status, d.created_at, d.closed_at, d.lead_at,
	-- Only all time holds a closed deal without a closing date.
	coalesce(d.closed_at, timestamp '9998-12-31 00:00:00') as counted_at,
	d.window_from, d.window_to, d.amount_minor, d.currency, d.reporting_minor,
	coalesce(h.touches, 0) as eligible,
	coalesce(h.withheld, false) as withheld,
	case when d.status = 'won' and h.deal_no is null then d.amount_minor when d.status = 'won' then d.amount_minor - d.amount_minor end as u,
	case
		when d.status <> 'won' or d.amount_minor is null then null
		when h.deal_no is null then d.reporting_minor
		else d.reporting_minor - d.reporting_minor
	end as ur,
	case when h.deal_no is null then 1e0 else 0e0 end as uw/*residues*/
from deal_window d
left join journey_shape h on h.deal_no = d.deal_no/*sources*/
