-- An opt-out holds on for what stands in the person's place.
update opt_out
set id = $new_id
where kind = 'contact' and id = $id
