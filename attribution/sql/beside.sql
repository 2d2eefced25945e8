-- The deals won in a period: those in the sums and those beside them. Grain: one
-- row.
select
	count(case when d.amount_minor is not null and d.reporting_minor is not null then 1 end) as deals,
	cast(coalesce(sum(case when d.amount_minor is not null then d.reporting_minor else 0 end), 0) as bigint) as won_minor,
	count(case when d.amount_minor is null then 1 end) as no_amount,
	count(case when d.amount_minor is not null and d.reporting_minor is null then 1 end) as no_rate,
	count(case when d.amount_minor is not null and d.reporting_minor is not null and d.eligible > 0 then 1 end) as covered_deals,
	cast(coalesce(sum(case when d.amount_minor is not null and d.eligible > 0 then d.reporting_minor else 0 end), 0) as bigint) as covered_minor
from journey_deal d
where d.status = 'won' and d.counted_at >= $from and d.counted_at < $to
	and d.membership_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
