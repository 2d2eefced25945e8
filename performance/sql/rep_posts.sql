-- One row per post of a rep the reader may see, published in the year up to the
-- end of the period, the newest first.
-- with: seen_rep
select p.post_id, coalesce(p.title, ''), coalesce(p.network, ''), coalesce(p.url, ''), p.published_at
from post p
join seen_rep s on s.rep_id = p.author_rep_id and p.published_at >= s.from_at and p.published_at < s.until_at
where p.author_rep_id = $rep_id
  and p.author_rep_id <> ''
  and p.published_at >= $until - 366 * interval '1' day
  and p.published_at < $until
order by p.published_at desc, p.post_id
