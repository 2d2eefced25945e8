-- The posts of suspected under other settings. Grain: one row an account and post.
create or replace temp table what_if_post as
/*suspected*/
