-- What portable SQL cannot say, in one place.
--
-- The exact share of the ledger: r·k/w rounded half away from zero, for r >= 0,
-- 0 <= k <= w, w > 0, computed in more than 64 bits. Kept in the database: reports
-- use it too.
create or replace macro exact_share(r, k, w) as cast((2 * cast(r as hugeint) * k + w) // (2 * cast(w as hugeint)) as bigint);

-- The same, quicker. Nothing and everything need no arithmetic. A quotient of
-- doubles is off by less than 0.0006 while r < 10^12, so its nearest integer is
-- the share unless it lies within 0.001 of a half; only there, and beyond, is the
-- exact share computed, in which division takes forty times as long.
create or replace macro round_share(r, k, w) as
	case
		when k = 0 then 0
		when k = w then r
		when r < 1000000000000 and abs(1e0 * r * k / w - floor(1e0 * r * k / w) - 0.5) > 0.001 then cast(floor(1e0 * r * k / w + 0.5) as bigint)
		else exact_share(r, k, w)
	end;

-- The same text for the same set of ids, whatever their order: an aggregate. Kept
-- in the database: closings compare by it.
create or replace macro ids_key(id) as md5(string_agg(id, chr(10) order by id));

-- A number for a text, the same for the same text, by which rows are joined and
-- compared where texts cost too much: 64 bits, so that two texts of one journey
-- meet in one number less often than the disk errs. Kept in no row that outlives a
-- refresh.
create or replace macro key_of(text) as hash(text);

-- Acts with a number of their own: the engine's row number, which costs nothing
-- where a window over all acts costs a copy. Its order means nothing.
create or replace temp view numbered_act as
select
	a.rowid as act_no, a.source, a.stream, a.source_id, a.priority as source_priority, a.kind, a.direction, a.occurred_at, a.rep_id,
	a.person_id, a.account_id, a.deal_id, a.thread_id, a.uid, a.click_id, a.post_id, a.campaign_id, a.url,
	a.outcome, a.duration_s, a.bot, a.evidence_cap, a.channel_hint
from act a
