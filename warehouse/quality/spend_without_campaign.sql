-- title: Spend without a campaign
-- why: It counts for its channel and for no campaign.
select s.day, s.channel, s.currency, s.amount_minor, s.kind, s.source
from spend s
where s.campaign_id = ''
order by s.day, s.channel, s.kind, s.source, s.amount_minor
