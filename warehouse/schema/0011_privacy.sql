-- Who must not come back. A mark is an HMAC of one identity of an erased person
-- under a key that is not in the database; stub is what stands in the person's
-- place, the same for all of them. Grain: one row an identity.
create table tombstone (
    kind varchar not null,              -- contact|any contact|email|phone|handle|visitor|name 2|name 3 …
    mark varchar not null,
    stub varchar not null,              -- ~ and random digits
    keeps_domain boolean not null,      -- of an address: its domain is a company's or a mail provider's and stays
    erased_at timestamp not null,
    primary key (kind, mark)
);

-- Who an admin opted out, beside those whose source says so. Grain: one row a
-- contact record, address without one, or rep.
create table opt_out (
    kind varchar not null,              -- contact|rep
    id varchar not null,                -- public id of the record
    opted_at timestamp not null,
    user_id varchar not null,
    primary key (kind, id)
);

-- Rows were deleted whose bytes still stand in the file: it is to be written
-- anew. Empty: nothing is due. Grain: one row at most.
create table rewrite_due (
    since timestamp not null
);
