-- Every deal with its window, and under every model what went to no touch:
-- u_ and ur_ unattributed in the deal's and the reporting currency with its
-- share uw_, v_ vr_ vw_ the same for what is withheld because its person opted
-- out. Grain: one row a deal.
create or replace /*temp*/ view journey_deal as
select
	d.deal_no, d.deal_id, d.account_id, d.primary_person_id, d.membership_id, d.status, d.created_at, d.closed_at, d.lead_at,
	d.counted_at, d.window_from, d.window_to, d.amount_minor, d.currency, d.reporting_minor, d.eligible, d.withheld/*residues*/
from journey_end d
left join journey_withheld b on b.deal_no = d.deal_no
