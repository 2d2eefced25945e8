-- One row per account record with a usable web domain: lower case, without
-- scheme, "www." and path. Free-mail domains and our own never stand for an account.
create or replace temporary table record_domain as
with bare as (
    select a.source, a.source_id, split_part(split_part(replace(replace(lower(trim(a.domain)), 'https://', ''), 'http://', ''), '/', 1), '@', 1) as text
    from accounts a
    where not a.deleted and a.domain is not null
),
host as (
    select b.source, b.source_id, case when b.text like 'www.%' then substr(b.text, 5) else b.text end as domain
    from bare b
)
select h.source, h.source_id, h.domain
from host h
where strpos(h.domain, '.') > 1
  and h.domain not in (select f.domain from free_mail f)
  and h.domain not in (select o.domain from own_domain o)
