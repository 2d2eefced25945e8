-- a closed deal is converted at another rate than was fixed at its close
select count(*), coalesce(min(d.deal_id), '')
from deal d
left join deal_rate f on f.deal_id = d.deal_id
where d.closed_day is not null and d.rate_e12 is distinct from f.rate_e12
