-- The journeys of deals of these numbers as incremental reads them: days, moves
-- and touches, each deal's moves before its touches. Grain: one row a deal and
-- move or touch that may have an effect.
select w.deal_no, cast(date_diff('day', timestamp '1970-01-01 00:00:00', w.created_at) as integer) as created, 0 as position, m.day, m.stage as number, m.forward as flag
from deal_window w
join journey_shape h on h.deal_no = w.deal_no
join incremental_move m on m.deal_id = w.deal_id
where w.deal_no >= cast($from as bigint) and w.deal_no < cast($to as bigint) and w.created_at is not null
union all
select w.deal_no, cast(date_diff('day', timestamp '1970-01-01 00:00:00', w.created_at) as integer), s.position, a.day, coalesce(o.cell, c.cell), a.follows
from deal_window w
join step s on s.deal_no = w.deal_no
join incremental_act a on a.touch_no = s.touch_no
left join incremental_cell o on o.channel = a.channel and o.sub = a.sub
join incremental_cell c on c.channel = a.channel and c.sub = ''
where w.deal_no >= cast($from as bigint) and w.deal_no < cast($to as bigint) and w.created_at is not null and a.earns
order by 1, 3, 5
