-- an act or spend belongs to a campaign that does not exist
select count(*), coalesce(min(x.thing), '')
from (
    select a.source || ' ' || a.source_id as thing, a.campaign_id from act a
    union all
    select s.source || ' ' || cast(s.day as varchar) as thing, s.campaign_id from spend s
) x
where x.campaign_id <> '' and x.campaign_id not in (select c.campaign_id from campaign c)
