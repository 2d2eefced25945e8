-- Touches of the deal's primary contact. Part of candidate. Grain: one row a deal
-- and touch.
		select d.deal_no, t.touch_no
		from far d
		join able_touch t on t.person_id = d.primary_person_id
		where d.primary_person_id <> ''
		union
		select d.deal_no, p.touch_no
		from far d
		join touch_person p on p.person_id = d.primary_person_id
		where d.primary_person_id <> ''
