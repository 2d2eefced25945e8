-- One deal as incremental reads it: its moves, then its touches. Part of it are
-- incremental_act, incremental_move and incremental_journeys over the tables of
-- that deal alone. Grain: one row a move or touch that may have an effect.
with deal_window as (
	select d.deal_no, d.deal_id, d.created_at
	from journey_deal d
	where d.deal_no = $deal_no
),
step as (
	select j.deal_no, j.touch_no, j.position
	from journey_touch j
	where j.deal_no = $deal_no
),
journey_shape as (
	select distinct s.deal_no
	from step s
),
incremental_act as (/*acts*/),
incremental_move as (/*moves*/)
/*journeys*/
