-- What only this engine can say, as functions of the refresh's connection.
-- convert_minor: minor units of one currency in minor units of another by a
-- rate of 10^-12, rounded once, half away from zero (128-bit integers).
-- convert_micro: the same from 10^-6 units.
create or replace temporary macro round_div(num, den) as
    case when num < 0 then -((2 * -num + den) // (2 * den)) else (2 * num + den) // (2 * den) end;

create or replace temporary macro power_of_ten(n) as
    case n when 0 then 1::hugeint when 2 then 100::hugeint when 3 then 1000::hugeint else cast(power(10, n) as hugeint) end;

create or replace temporary macro convert_minor(minor, rate_e12, from_exponent, to_exponent) as
    cast(round_div(cast(minor as hugeint) * rate_e12 * power_of_ten(to_exponent), power_of_ten(from_exponent) * 1000000000000::hugeint) as bigint);

create or replace temporary macro convert_micro(micro, rate_e12, to_exponent) as
    cast(round_div(cast(micro as hugeint) * rate_e12 * power_of_ten(to_exponent), 1000000::hugeint * 1000000000000::hugeint) as bigint);
