-- Nor is the rep named as the author of a post.
update post
set author = ''
where author_rep_id in (select o.id from opt_out o where o.kind = 'rep')
