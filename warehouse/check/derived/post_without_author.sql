-- a post belongs to a rep or a campaign that does not exist
select count(*), coalesce(min(p.post_id), '')
from post p
where p.author_rep_id <> '' and p.author_rep_id not in (select r.rep_id from rep r)
    or p.campaign_id <> '' and p.campaign_id not in (select c.campaign_id from campaign c)
