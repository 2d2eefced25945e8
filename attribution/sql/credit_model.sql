-- The ledger of one model; the view credit is these for every model. MODEL
-- stands for the model's id. Grain: one row a won deal with an amount and a
-- touch with weight, one for what is withheld if anything is, one for what is
-- unattributed.
select
	'/*model*/' as model, d.deal_id, t.touch_id, j.position, t.channel, t.campaign_id, t.post_id, t.rep_id, t.evidence, j.bucket,
	1e0 * j.w_/*model*/ / (/*total*/) as weight,
	j.a_/*model*/ as amount_minor, d.currency, j.r_/*model*/ as reporting_minor,
	d.deal_no, d.closed_at, d.counted_at, d.membership_id, t.occurred_at
from journey_touch j
join journey_deal d on d.deal_no = j.deal_no
join touch t on t.touch_no = j.touch_no
where j.a_/*model*/ is not null and j.w_/*model*/ > 0 and not j.withheld
union all
select
	'/*model*/', d.deal_id, '', d.eligible + 1, '', '', '', '', '', 'withheld',
	d.vw_/*model*/, d.v_/*model*/, d.currency, d.vr_/*model*/, d.deal_no, d.closed_at, d.counted_at, d.membership_id, cast(null as timestamp)
from journey_deal d
where d.u_/*model*/ is not null and d.vw_/*model*/ > 0
union all
select
	'/*model*/', d.deal_id, '', d.eligible + 1 + case when d.vw_/*model*/ > 0 then 1 else 0 end, '', '', '', '', '', 'unattributed',
	d.uw_/*model*/, d.u_/*model*/, d.currency, d.ur_/*model*/, d.deal_no, d.closed_at, d.counted_at, d.membership_id, cast(null as timestamp)
from journey_deal d
where d.u_/*model*/ is not null
