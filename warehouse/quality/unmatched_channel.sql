-- title: UTM sources and media that fit no channel
-- why: They are counted as Other; a rule in the channel table would place them.
select a.utm_source, a.utm_medium, count(*) as acts, max(a.occurred_at) as last_seen
from act a
where a.channel_hint = 'Other' and (a.utm_source <> '' or a.utm_medium <> '')
group by a.utm_source, a.utm_medium
order by count(*) desc, a.utm_source, a.utm_medium
