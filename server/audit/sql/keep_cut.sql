-- Where the chain begins from now on.
insert into audit_cut (seq, hash, cut_at)
values ($seq, $hash, $now)
