-- title: UTM campaigns that match no campaign
-- why: Their visits count for a channel and for no campaign.
select a.utm_campaign, a.utm_source, a.utm_medium, a.channel_hint as channel, count(*) as acts, min(a.occurred_at) as first_seen, max(a.occurred_at) as last_seen
from act a
where a.utm_campaign <> '' and a.campaign_id = ''
group by a.utm_campaign, a.utm_source, a.utm_medium, a.channel_hint
order by count(*) desc, a.utm_campaign, a.utm_source, a.utm_medium, a.channel_hint
