-- title: Deals in a currency without a rate
-- why: They are credited in their own currency and left out of sums in the company's.
select d.deal_id, d.name, d.status, d.currency, d.amount_minor, d.closed_at
from deal d
where d.amount_minor is not null and d.reporting_minor is null
order by d.deal_id
