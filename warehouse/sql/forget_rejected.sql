-- A new reading of a file replaces what the last reading rejected; a reading
-- of the whole source also forgets files that are gone.
delete from rejected_row
where source = $source
  and ($whole or file in (select f.file from run_file f where f.run_id = $run_id))
