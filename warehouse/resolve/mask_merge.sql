-- Nor does the list of merges say which key joined them.
update person_merge
set key_value = ''
where person_id in (select n.id from nameless n)
