-- The post that stands on a page, by the page's address without query and
-- fragment; a page with two posts means neither.
create or replace temporary table post_page as
select lower(split_part(split_part(p.url, '#', 1), '?', 1)) as page, min(p.post_id) as post_id
from post p
where p.url <> ''
group by lower(split_part(split_part(p.url, '#', 1), '?', 1))
having count(*) = 1
