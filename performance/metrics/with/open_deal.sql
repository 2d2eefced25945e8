-- One row per group and deal that was open at the end of the period, or is open
-- now while the period runs. chance_e6 is the chance to win, in millionths, of
-- the stage the deal was in then: from history where 20 deals that reached the
-- stage are decided, else the CRM's own probability, else the pipeline's win
-- rate; null when nothing was ever decided.
-- with: scoped_deal, span
select
    n.span || s.key as key, s.deal_id, s.reporting_minor, s.expected_close_on,
    case when s.expected_close_on >= n.from_day and s.expected_close_on < n.to_day then 1 else 0 end as due,
    case
        when o.decided_n >= 20 then o.chance_e6
        when s.probability > 1 then cast(round(s.probability * 1e4) as bigint)
        when s.probability is not null then cast(round(s.probability * 1e6) as bigint)
        else p.chance_e6
    end as chance_e6
from scoped_deal s
join span n on (s.created_at is null or s.created_at < n.until_at) and (s.status = 'open' or s.closed_at >= n.until_at)
left join stage_visit v on v.deal_id = s.deal_id
    and v.entered_at < n.until_at and coalesce(v.left_at, timestamp '9999-12-31 00:00:00') >= n.until_at
left join stage_odds o on o.pipeline = s.pipeline and o.stage = coalesce(v.stage, s.stage)
left join stage_odds p on p.pipeline = s.pipeline and p.stage = ''
