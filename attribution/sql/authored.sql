-- Whether a rep wrote any post. Grain: one row.
select exists (select 1 from post p where p.author_rep_id <> '') as authored
