-- The record of a stand-in: where the person worked, since when a lead, and
-- whether opted out.
insert into contacts (source, source_id, account_id, email, handle, lead_created_at, opted_out, synced_at, deleted)
select $source, $id, nullif($account_id, ''), $email, $id, cast($lead_created_at as timestamp), cast($opted_out as boolean), cast($at as timestamp), false
