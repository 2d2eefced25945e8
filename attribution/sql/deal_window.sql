-- The deals that a ledger is made for, with their windows: what dated_deal found.
-- Grain: one row a deal.
create or replace temp view deal_window as
select
	d.deal_no, d.deal_id, d.account_id, d.primary_person_id, d.membership_id, d.status, d.created_at, d.closed_at, d.lead_at,
	d.window_from, d.window_to, d.amount_minor, d.currency, d.reporting_minor
from dated_deal d
