-- The one expression of the ledger that portable SQL cannot say: r·k/w rounded
-- half away from zero, for r >= 0, 0 <= k <= w, w > 0. The product needs more
-- than 64 bits. Nothing and everything need no arithmetic. Kept in the database: reports use it too.
create or replace macro round_share(r, k, w) as
	case
		when k = 0 then 0
		when k = w then r
		else cast((2 * cast(r as hugeint) * k + w) // (2 * cast(w as hugeint)) as bigint)
	end
