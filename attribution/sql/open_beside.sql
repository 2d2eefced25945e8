-- The open deals in scope that the sums of the open pipeline leave out. Grain:
-- one row.
select
	count(case when d.amount_minor is null then 1 end) as no_amount,
	count(case when d.amount_minor is not null and d.reporting_minor is null then 1 end) as no_rate
from journey_deal d
where d.status = 'open'
	and d.membership_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
