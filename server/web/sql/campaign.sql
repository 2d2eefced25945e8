-- One campaign with its planned money, as far as the reader knows it: it touched a
-- deal in scope, a rep in scope did something in it or wrote a post of it; who
-- sees the whole company knows every campaign. Grain: one row, or none.
with mine as (
    select v.rep_id from visible_rep v where v.user_id = $user_id
)
select c.campaign_id, c.name, c.channel, c.started_on, c.ended_on, c.budget_minor, c.currency
from campaign c
where c.campaign_id = $campaign_id
    and (
        exists (select 1 from mine m where m.rep_id = '')
        or exists (
            select 1
            from touch t
            left join journey_touch j on j.touch_no = t.touch_no
            left join journey_deal d on d.deal_no = j.deal_no
            where t.campaign_id = $campaign_id
                and (d.membership_id in (select m.rep_id from mine m) or t.rep_id in (select m.rep_id from mine m))
        )
        or exists (select 1 from post p where p.campaign_id = $campaign_id and p.author_rep_id in (select m.rep_id from mine m))
    )
