-- What portable SQL cannot say, in one place, kept in the database because the
-- metrics use it too.
--   median_of    the middle of a group, the mean of the two in the middle
--   split_share  r·k/w rounded half away from zero for r >= 0; the product needs
--                more than 64 bits
create or replace macro median_of(x) as quantile_cont(x, 5e-1);
create or replace macro split_share(r, k, w) as
    cast((2 * cast(r as hugeint) * k + w) // (2 * cast(w as hugeint)) as bigint)
