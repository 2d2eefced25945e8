-- What is wrong with touches and journeys. Grain: one row a broken invariant.
with wrong as (
	select 'touch ids are unique' as invariant, t.touch_id as example
	from touch t
	group by t.touch_id
	having count(*) > 1
	union all
	select 'every touch has its source rows, suspected posts aside', t.touch_id
	from touch t
	left join (select s.touch_id, count(*) as records from touch_source s group by s.touch_id) s on s.touch_id = t.touch_id
	where t.kind <> 'post' and coalesce(s.records, 0) <> t.records
	union all
	select 'a source row is one touch at most', s.stream || ' ' || s.source || ' ' || s.source_id
	from touch_source s
	group by s.source, s.stream, s.source_id
	having count(*) > 1
	union all
	select 'a touch that may earn has no reason not to', t.touch_id
	from touch t
	where t.earns <> (t.reason = '') or t.earns and t.rule <> '' or t.evidence not in ('A', 'B', 'C', 'D')
	union all
	select 'the touches of a journey are numbered from 1 without gap', d.deal_id
	from journey_deal d
	left join (
		select j.deal_no, count(*) as touches, count(distinct j.position) as positions, min(j.position) as low, max(j.position) as high, max(j.touches) as said
		from journey_touch j
		group by j.deal_no
	) j on j.deal_no = d.deal_no
	where d.eligible <> coalesce(j.touches, 0)
		or j.touches is not null and (j.positions <> j.touches or j.low <> 1 or j.high <> j.touches or j.said <> j.touches)
	union all
	select 'every deal has its window', d.deal_id
	from deal d
	left join journey_deal j on j.deal_id = d.deal_id
	where j.deal_id is null
)
select w.invariant, '' as model, count(*) as broken_rows, min(w.example) as example
from wrong w
group by w.invariant
order by w.invariant
