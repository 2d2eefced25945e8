-- One row per post of a rep the reader may see, published in the year up to the
-- end of the period, the newest first.
select p.post_id, coalesce(p.title, ''), coalesce(p.network, ''), coalesce(p.url, ''), p.published_at
from post p
where p.author_rep_id = $rep_id
  and p.author_rep_id <> ''
  and p.author_rep_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
  and p.published_at >= $until - 366 * interval '1' day
  and p.published_at < $until
order by p.published_at desc, p.post_id
