-- Something was done to the database as a file.
insert into upkeep
select $done_at, $deed, $file, $bytes, $detail
