-- A new reading of a file replaces what the last reading rejected.
delete from rejected_row
where source = $source
  and file in (select f.file from run_file f where f.run_id = $run_id)
