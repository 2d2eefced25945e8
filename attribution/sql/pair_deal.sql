-- Touches of people with a role on the deal. Part of candidate. Grain: one row a
-- deal and touch.
		select d.deal_no, t.touch_no
		from far d
		join deal_person dp on dp.deal_id = d.deal_id
		join able_touch t on t.person_id = dp.person_id
		where t.person_id <> ''
		union
		select d.deal_no, p.touch_no
		from far d
		join deal_person dp on dp.deal_id = d.deal_id
		join touch_person p on p.person_id = dp.person_id
