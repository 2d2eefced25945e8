-- The newest rate on or before the close, fixed at the first refresh that sees
-- the deal closed: past totals never move because a rate did.
insert into deal_rate (deal_id, currency, reporting_currency, rate_e12, rate_day)
select d.deal_id, d.currency, $currency, r.rate_e12, case when d.currency = $currency then d.closed_day else r.from_day end
from deal_record d
join rate r on r.currency = d.currency and d.closed_day >= r.from_day and d.closed_day < r.to_day
where d.deal_id not in (select f.deal_id from deal_rate f)
