-- Clicks and visits that no person made: a mail scanner follows every link
-- within seconds, so three or more different links of one person (or address, or
-- visitor) within ten seconds are a machine's, and so is the landing visit of
-- such a click.
create or replace temporary table bot_act as
with click as (
    select
        w.stream, w.source, w.source_id, w.click_id, w.occurred_at,
        case when w.person_id <> '' then w.person_id when w.address <> '' then w.address else w.visitor_id end as who,
        case when w.page <> '' then w.page when w.click_id <> '' then w.click_id else w.source_id end as link
    from web_act w
    where w.kind in ('click', 'visit')
),
first_of_link as (
    select c.who, c.link, c.occurred_at
    from click c
    where c.who <> ''
    group by c.who, c.link, c.occurred_at
),
placed as (
    select
        f.who, f.link, f.occurred_at,
        lag(f.link) over (partition by f.who order by f.occurred_at, f.link) as link_1,
        lag(f.occurred_at) over (partition by f.who order by f.occurred_at, f.link) as at_1,
        lag(f.link, 2) over (partition by f.who order by f.occurred_at, f.link) as link_2,
        lag(f.occurred_at, 2) over (partition by f.who order by f.occurred_at, f.link) as at_2
    from first_of_link f
),
burst as (
    select p.who, p.at_2 as from_at, p.occurred_at as to_at
    from placed p
    where p.at_2 is not null and date_diff('second', p.at_2, p.occurred_at) <= 10
      and p.link <> p.link_1 and p.link <> p.link_2 and p.link_1 <> p.link_2
),
flagged as (
    select distinct c.stream, c.source, c.source_id, c.click_id
    from click c
    join burst b on b.who = c.who and c.occurred_at >= b.from_at and c.occurred_at <= b.to_at
)
select f.stream, f.source, f.source_id
from flagged f
union
select c.stream, c.source, c.source_id
from click c
join flagged f on f.click_id = c.click_id
where c.click_id <> ''
