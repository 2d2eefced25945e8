-- One row per address of a page as written in visits and engagements: without
-- query and fragment, and the tags its query holds.
create or replace temporary table link as
with seen as (
    select landing_url as url from visits where not deleted and landing_url is not null
    union
    select url from engagements where not deleted and url is not null
)
select
    s.url,
    lower(split_part(split_part(s.url, '#', 1), '?', 1)) as page,
    nullif(split_part(split_part(split_part(s.url, 'utm_source=', 2), '&', 1), '#', 1), '') as utm_source,
    nullif(split_part(split_part(split_part(s.url, 'utm_medium=', 2), '&', 1), '#', 1), '') as utm_medium,
    nullif(replace(replace(split_part(split_part(split_part(s.url, 'utm_campaign=', 2), '&', 1), '#', 1), '%20', ' '), '+', ' '), '') as utm_campaign,
    nullif(replace(replace(split_part(split_part(split_part(s.url, 'utm_content=', 2), '&', 1), '#', 1), '%3A', ':'), '%3a', ':'), '') as utm_content,
    s.url like '%gclid=%' or s.url like '%msclkid=%' as paid_click
from seen s
