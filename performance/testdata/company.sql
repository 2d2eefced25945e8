-- A company small enough to work every number by hand. Amounts are cents.
create or replace table team (team_id varchar, name varchar, parent_team_id varchar, manager_rep_id varchar, region varchar);
insert into team values
    ('T0', 'Sales', '', 'boss', ''), ('T1', 'North', 'T0', 'ann', ''), ('T2', 'South', 'T0', 'dan', '');
create or replace table team_closure (team_id varchar, ancestor_team_id varchar, depth integer);
insert into team_closure values ('T0', 'T0', 0), ('T1', 'T1', 0), ('T2', 'T2', 0), ('T1', 'T0', 1), ('T2', 'T0', 1);
create or replace table rep (rep_id varchar, name varchar, email varchar, team_id varchar, title varchar, region varchar, started_on date, ended_on date);
insert into rep values
    ('boss', 'Bo Boss', 'bo@x.example', 'T0', null, null, null, null),
    ('ann', 'Ann North', 'ann@x.example', 'T1', 'Seller', null, null, null),
    ('bob', 'Bob North', 'bob@x.example', 'T1', null, null, null, null),
    ('cara', 'Cara North', 'cara@x.example', 'T1', null, null, null, null),
    ('dan', 'Dan South', 'dan@x.example', 'T2', null, null, null, null),
    ('eve', 'Eve South', 'eve@x.example', 'T2', null, null, null, null);
drop table if exists membership;
create view membership as
select
    r.rep_id, r.team_id, timestamp '0001-01-01 00:00:00' as from_at, timestamp '9999-12-31 00:00:00' as until_at,
    date '0001-01-01' as from_day, date '9999-12-31' as until_day, r.rep_id as membership_id
from rep r;
create or replace table visible_rep (user_id varchar, rep_id varchar);
insert into visible_rep
select '*', r.rep_id from rep r union all select '*', '';
insert into visible_rep values ('u-ann', 'ann'), ('u-north', 'ann'), ('u-north', 'bob'), ('u-north', 'cara');
create or replace table account (account_id varchar, name varchar);
insert into account values ('a1', 'Kessler Pharma'), ('a2', 'Rhône Arômes');
create or replace table product (product_id varchar, name varchar);
insert into product values ('p1', 'FlowSense'), ('p2', 'CalBench');
create or replace table deal (
    deal_id varchar, name varchar, account_id varchar, owner_rep_id varchar, team_id varchar, pipeline varchar, stage varchar, status varchar,
    amount_minor bigint, currency varchar, reporting_minor bigint,
    created_at timestamp, created_day date, closed_at timestamp, closed_day date, expected_close_on date, probability double,
    membership_id varchar as (owner_rep_id)
);
insert into deal
select v.deal_id, v.deal_id || ' name', v.account_id, v.owner, v.team_id, 'main', v.stage, v.status, v.amount, v.currency, v.reporting,
    cast(v.created as timestamp), cast(v.created as date), cast(v.closed as timestamp), cast(v.closed as date), cast(v.expected as date), v.probability
from (values
    ('d01', 'a1', 'ann',  'T1', 'Won',       'won',  100000, 'EUR', 100000, '2026-06-01', '2026-07-10 23:59:59', null, null),
    ('d02', 'a1', 'ann',  'T1', 'Lost',      'lost',  80000, 'EUR',  80000, '2026-06-10', '2026-07-20 23:59:59', null, null),
    ('d03', 'a2', 'bob',  'T1', 'Won',       'won',   50000, 'EUR',  50000, '2026-07-01', '2026-07-31 23:59:59', null, null),
    ('d04', 'a2', 'dan',  'T2', 'Won',       'won',  200000, 'EUR', 200000, '2026-05-13', '2026-09-30 23:59:59', null, null),
    ('d05', 'a2', 'eve',  'T2', 'Lost',      'lost',  90000, 'EUR',  90000, '2026-07-01', '2026-08-01 23:59:59', null, null),
    ('d06', 'a2', 'dan',  'T2', 'Won',       'won',   77700, 'BRL',   null, '2026-08-05', '2026-08-15 23:59:59', null, null),
    ('d07', '',   '',     '',   'Won',       'won',    1000, 'EUR',   1000, '2026-08-12', '2026-09-01 23:59:59', null, null),
    ('d08', 'a1', 'ann',  'T1', 'Qualified', 'open',  70000, 'EUR',  70000, '2026-08-01', null, '2026-09-20', 0.5),
    ('d09', 'a1', 'bob',  'T1', 'Qualified', 'open',  30000, 'EUR',  30000, '2026-09-01', null, '2026-12-01', 60),
    ('d10', 'a1', 'cara', 'T1', 'Won',       'won',   40000, 'EUR',  40000, '2025-08-01', '2025-08-08 23:59:59', null, null),
    ('d11', 'a1', 'ann',  'T1', 'Lost',      'lost',  10000, 'EUR',  10000, '2025-07-01', '2025-07-07 23:59:59', null, null),
    ('d12', 'a2', 'dan',  'T2', 'Won',       'won',   60000, 'EUR',  60000, '2025-09-01', '2025-09-29 23:59:59', null, null),
    ('d13', 'a1', 'ann',  'T1', 'Won',       'won',    5000, 'EUR',   5000, '2026-09-15', '2026-10-01 00:00:00', null, null)
) v(deal_id, account_id, owner, team_id, stage, status, amount, currency, reporting, created, closed, expected, probability);
create or replace table line_item (line_id varchar, deal_id varchar, product_id varchar, quantity_micro bigint, unit_price_micro bigint, discount_percent double);
insert into line_item values
    ('l1', 'd01', 'p1', 1000000, 1000000000, null),
    ('l2', 'd03', 'p1', 1000000, 100000000, null), ('l3', 'd03', 'p2', 1000000, 400000000, 50),
    ('l4', 'd02', 'p2', 1000000, 0, null), ('l5', 'd02', 'p1', 1000000, 0, null);
create or replace table stage_change (deal_id varchar, stage varchar, changed_at timestamp, rep_id varchar);
insert into stage_change values
    ('d01', 'Qualified', '2026-06-01', ''), ('d01', 'Proposal', '2026-06-20', ''), ('d01', 'Won', '2026-07-10', ''),
    ('d02', 'Qualified', '2026-06-10', ''), ('d02', 'Proposal', '2026-07-01', ''), ('d02', 'Lost', '2026-07-20', ''),
    ('d05', 'Qualified', '2026-07-01', ''), ('d05', 'Lost', '2026-08-01', ''),
    ('d08', 'Qualified', '2026-08-01', '');
create or replace table quota (rep_id varchar, team_id varchar, period varchar, amount_minor bigint, currency varchar, reporting_minor bigint);
insert into quota values
    ('ann', '', '2026Q3', 90000, 'EUR', 90000),
    ('bob', '', '2026', 261000, 'EUR', 261000),
    ('dan', 'T2', '2026Q3', 50000, 'EUR', 50000),
    ('', 'T2', '2026Q3', 300000, 'EUR', 300000),
    ('eve', '', '2026Q3', 1, 'BRL', null);
create or replace table touch (
    touch_id varchar, occurred_at timestamp, kind varchar, direction varchar, rep_id varchar, person_id varchar, reason varchar,
    account_id varchar
);
insert into touch values
    ('t1', '2026-07-01 08:00:00', 'email', 'inbound', 'ann', 'x', '', 'a1'),
    ('t2', '2026-07-01 09:00:00', 'email', 'inbound', 'ann', 'x', '', 'a1'),
    ('t3', '2026-07-01 10:00:00', 'email', 'outbound', 'ann', 'x', 'sent only', 'a1'),
    ('t4', '2026-07-02 10:00:00', 'chat', 'inbound', 'ann', 'x', '', 'a1'),
    ('t5', '2026-07-02 14:00:00', 'email', 'outbound', 'ann', 'x', 'sent only', 'a1'),
    ('t6', '2026-07-03 14:00:00', 'email', 'inbound', 'ann', 'x', 'auto reply', 'a1'),
    ('t7', '2026-07-04 14:00:00', 'email', 'inbound', 'ann', 'y', '', 'a1'),
    ('t8', '2026-07-05 14:00:00', 'meeting', '', 'ann', 'y', '', 'a1'),
    ('t9', '2026-07-06 14:00:00', 'meeting', '', 'ann', 'y', 'no show', 'a1'),
    ('t0', '2026-07-01 08:30:00', 'email', 'outbound', 'ann', 'gone', 'sent only', 'a1'),
    ('u1', '2026-07-01 08:00:00', 'email', 'outbound', 'bob', 'z', 'sent only', 'a1'),
    ('u2', '2026-07-01 09:00:00', 'email', 'outbound', 'cara', 'z', 'sent only', 'a1'),
    ('u3', '2026-07-01 10:00:00', 'email', 'outbound', 'cara', 'z', 'sent only', 'a1'),
    ('u4', '2026-07-01 11:00:00', 'email', 'outbound', 'cara', 'z', 'sent only', 'a1');
create or replace table opt_out (kind varchar, id varchar);
create or replace table person (person_id varchar, opted_out boolean);
insert into person values ('x', false), ('y', false), ('z', null), ('gone', true);
create or replace table journey (deal_id varchar, touch_id varchar, position bigint);
insert into journey values ('d01', 't1', 1), ('d01', 't4', 2), ('d01', 't7', 3), ('d02', 't1', 1);
create or replace table post (post_id varchar, author_rep_id varchar, published_at timestamp, title varchar, network varchar, url varchar);
insert into post values
    ('o1', 'ann', '2026-07-07 10:00:00', 'Why drift', 'linkedin', null), ('o2', '', '2026-07-07 10:00:00', 'Ours', 'linkedin', null);
