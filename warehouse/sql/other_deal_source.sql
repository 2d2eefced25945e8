-- Another source that already delivers deals: one row, or none.
select min(d.source)
from deals d
where d.source <> $source
group by d.source
order by 1
limit 1
