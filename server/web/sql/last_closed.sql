-- One row: the close of the latest closed deal before $until; null when none is.
select max(d.closed_at) as closed_at
from deal d
where d.status in ('won', 'lost') and d.closed_at < $until
