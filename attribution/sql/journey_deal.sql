-- Every deal with its window, and under every model what went to no touch:
-- u_ and ur_ unattributed in the deal's and the reporting currency with its
-- share uw_, v_ vr_ vw_ the same for what is withheld because its person opted
-- out. t_ is the total weight of the journey, k_ the part of it that touches have:
-- they earned the share k_/t_, rounded once. Grain: one row a deal.
create or replace /*temp*/ /*kind*/ journey_deal as
with weighed as (
	select h.deal_no, h.touches, h.withheld/*totals*/
	from journey_shape h/*sources*/
)
select
	d.deal_no, d.deal_id, d.account_id, d.primary_person_id, d.owner_rep_id, d.status, d.created_at, d.closed_at, d.lead_at,
	-- Only all time holds a closed deal without a closing date.
	coalesce(d.closed_at, timestamp '9998-12-31 00:00:00') as counted_at,
	d.window_from, d.window_to, d.amount_minor, d.currency, d.reporting_minor,
	coalesce(w.touches, 0) as eligible,
	coalesce(w.withheld, false) as withheld/*residues*/
from deal_window d
left join weighed w on w.deal_no = d.deal_no
left join journey_withheld b on b.deal_no = d.deal_no
