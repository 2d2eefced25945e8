-- One row per campaign. A campaign that only spend knows is one too, under its
-- id. The channel is the word of the channel list that the text stands for.
create or replace table campaign as
with record as (
    select
        r.id, r.priority, r.source_id, c.name, c.channel, c.started_on, c.ended_on, c.budget_minor, c.currency
    from campaigns c
    join ref r on r.stream = 'campaigns' and r.source = c.source and r.source_id = c.source_id
    where not c.deleted
    union all
    select r.id, r.priority, r.source_id, cast(null as varchar), min(s.channel), cast(null as date), cast(null as date), cast(null as bigint), cast(null as varchar)
    from spend_records s
    join ref r on r.stream = 'campaigns' and r.source = s.source and r.source_id = s.campaign_id
    where not s.deleted
      and s.campaign_id not in (select c.source_id from campaigns c where not c.deleted)
    group by r.id, r.priority, r.source_id
),
ordered as (
    select r.*, row_number() over (partition by r.id order by r.priority, r.source_id) as place
    from record r
)
select
    o.id as campaign_id,
    coalesce(min_by(o.name, o.place) filter (where o.name is not null), o.id) as name,
    coalesce(min_by(coalesce(n.channel, 'Other'), o.place) filter (where o.channel is not null), '') as channel,
    min_by(o.started_on, o.place) filter (where o.started_on is not null) as started_on,
    min_by(o.ended_on, o.place) filter (where o.ended_on is not null) as ended_on,
    min_by(o.budget_minor, o.place) filter (where o.budget_minor is not null) as budget_minor,
    coalesce(min_by(upper(trim(o.currency)), o.place) filter (where o.currency is not null), $currency) as currency
from ordered o
left join channel_name n on n.name = replace(replace(replace(lower(trim(o.channel)), ' ', ''), '_', ''), '-', '')
group by o.id
