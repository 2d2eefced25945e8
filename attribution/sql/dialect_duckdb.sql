-- What portable SQL cannot say, in one place.
--
-- The exact share of the ledger: r·k/w rounded half away from zero, for r >= 0,
-- 0 <= k <= w, w > 0, computed in more than 64 bits. Kept in the database, like the
-- two below: reports use them too.
create or replace macro exact_share(r, k, w) as cast((2 * cast(r as hugeint) * k + w) // (2 * cast(w as hugeint)) as bigint);

-- The same for r < 10^12, where the quotient q of doubles is off by less than
-- 0.0006: r·k/w lies so near that only the half above the integer below q is in
-- doubt, and products tell on which side of it, in a fortieth of a division's time.
create or replace macro near_share(r, k, w, q) as
	cast(floor(q) as bigint) + case when 2 * cast(r as hugeint) * k >= (2 * cast(floor(q) as bigint) + 1) * cast(w as hugeint) then 1 else 0 end;

-- The same for any r. Nothing and everything need no arithmetic.
create or replace macro round_share(r, k, w) as
	case
		when k = 0 then 0
		when k = w then r
		when r < 1000000000000 then near_share(r, k, w, 1e0 * r * k / w)
		else exact_share(r, k, w)
	end;

-- The same text for the same set of ids, whatever their order: an aggregate. Kept
-- in the database: closings compare by it.
create or replace macro ids_key(id) as md5(string_agg(id, chr(10) order by id));

-- A number for a text, the same for the same text, by which rows are joined and
-- compared where texts cost too much: 64 bits, so that two texts of one journey
-- meet in one number less often than the disk errs. Only candidate keeps it, until
-- the next refresh.
create or replace macro key_of(text) as hash(text);

-- Acts with a number of their own: the engine's row number, which costs nothing
-- where a window over all acts costs a copy. Its order means nothing.
create or replace temp view numbered_act as
select
	a.rowid as act_no, a.source, a.stream, a.source_id, a.priority as source_priority, a.kind, a.direction, a.occurred_at, a.rep_id,
	a.person_id, a.account_id, a.deal_id, a.thread_id, a.uid, a.click_id, a.post_id, a.campaign_id, a.url,
	a.outcome, a.duration_s, a.bot, a.evidence_cap, a.channel_hint
from act a
