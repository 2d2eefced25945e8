-- Posts a deal's account may have seen: by the deal's owner or a rep of its
-- journey, in the deal's window, at most seven days before a touch of the
-- journey, and not already tracked at that account. Grain: one row a deal and
-- post.
create or replace temp table suspected as
with author as (
	select d.deal_no, m.rep_id
	from journey_deal d
	join membership m on m.membership_id = d.membership_id
	where d.eligible > 0
	union
	select s.deal_no, s.rep_id
	from step s
	where s.rep_id <> '' and not s.withheld
),
candidate as (
	select d.deal_no, d.account_id, p.post_id, p.published_at
	from author a
	join journey_deal d on d.deal_no = a.deal_no
	join post p on p.author_rep_id = a.rep_id
	where d.account_id <> '' and p.published_at >= d.window_from and p.published_at <= d.window_to
),
seen as (
	select distinct c.deal_no, c.account_id, c.post_id
	from candidate c
	join step s on s.deal_no = c.deal_no
	where s.occurred_at >= c.published_at and s.occurred_at <= c.published_at + 7 * interval '1' day
)
select s.deal_no, s.account_id, s.post_id
from seen s
left join (
	select distinct t.account_id, t.post_id
	from touch t
	where t.post_id <> '' and t.account_id <> '' and t.kind <> 'post'
) k on k.account_id = s.account_id and k.post_id = s.post_id
where k.post_id is null
