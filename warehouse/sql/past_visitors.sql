-- Devices of old acts that no younger act was done on: none needs them any more
-- to tell whose it was.
select distinct a.visitor_id
from past_act p
join act a on a.stream = p.stream and a.source = p.source and a.source_id = p.source_id
where a.visitor_id <> '' and a.visitor_id not like '~%'
    and a.visitor_id not in (
        select y.visitor_id
        from act y
        left join past_act o on o.stream = y.stream and o.source = y.source and o.source_id = y.source_id
        where o.source_id is null
    )
order by 1
