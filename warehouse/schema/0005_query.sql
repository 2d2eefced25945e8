-- What `credence query` may see: one view a word, made anew by every refresh.
-- The numbers of money and quantities are exact decimals. An amount that does
-- not fit, or whose currency is unknown, is null.
create schema said;

create macro said.money(minor, to_milli) as
    cast(try_cast(cast(minor as hugeint) * to_milli as decimal(18, 0)) * 0.001 as decimal(18, 3));

create macro said.micro(micro) as
    cast(cast(micro as decimal(19, 0)) * 0.000001 as decimal(25, 6));
