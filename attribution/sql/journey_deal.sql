-- Every deal with its window, and under every model what went to no touch:
-- u_ and ur_ unattributed in the deal's and the reporting currency with its
-- share uw_, v_ vr_ vw_ the same for what is withheld because its person opted
-- out. Grain: one row a deal.
create or replace /*temp*/ table journey_deal as
with spent as (
	select j.deal_no, max(j.touches) as touches, max(case when j.withheld then 1 else 0 end) as withheld/*sums*/
	from journey_touch j
	group by j.deal_no
)
select
	d.deal_no, d.deal_id, d.account_id, d.primary_person_id, d.owner_rep_id, d.status, d.created_at, d.closed_at, d.lead_at,
	-- Only all time holds a closed deal without a closing date.
	coalesce(d.closed_at, timestamp '9998-12-31 00:00:00') as counted_at,
	d.window_from, d.window_to, d.amount_minor, d.currency, d.reporting_minor,
	cast(coalesce(s.touches, 0) as integer) as eligible,
	coalesce(s.withheld, 0) = 1 as withheld/*residues*/
from deal_window d
left join spent s on s.deal_no = d.deal_no
order by d.deal_no
