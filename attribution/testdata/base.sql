-- The resolved tables a refresh builds before attribution, empty.
create or replace table rep (rep_id varchar, name varchar, email varchar, team_id varchar);
drop table if exists membership;
create view membership as
select
	r.rep_id, r.team_id, timestamp '0001-01-01 00:00:00' as from_at, timestamp '9999-12-31 00:00:00' as until_at,
	date '0001-01-01' as from_day, date '9999-12-31' as until_day, r.rep_id as membership_id
from rep r;
create or replace table account (account_id varchar, name varchar, industry varchar, employees bigint, region varchar, segment varchar);
create or replace table opt_out (kind varchar, id varchar);
create or replace table person (person_id varchar, account_id varchar, name varchar, title varchar, lead_created_at timestamp, opted_out boolean);
create or replace table deal (
	deal_id varchar, name varchar, account_id varchar, primary_person_id varchar, owner_rep_id varchar, stage varchar, status varchar,
	amount_minor bigint, currency varchar, reporting_minor bigint, cost_minor bigint, cost_basis varchar,
	created_at timestamp, closed_at timestamp, membership_id varchar as (owner_rep_id)
);
create or replace table stage_change (deal_id varchar, stage varchar, changed_at timestamp, rep_id varchar);
create or replace table deal_person (deal_id varchar, person_id varchar, role varchar);
create or replace table campaign (campaign_id varchar, name varchar, channel varchar);
create or replace table post (post_id varchar, author_rep_id varchar, campaign_id varchar, published_at timestamp, title varchar, channel varchar);
create or replace table spend (day date, channel varchar, campaign_id varchar, amount_minor bigint, currency varchar, reporting_minor bigint, kind varchar);
create or replace table act (
	source varchar, stream varchar, source_id varchar, priority bigint, kind varchar, direction varchar, occurred_at timestamp,
	rep_id varchar, person_id varchar, account_id varchar, deal_id varchar, thread_id varchar, uid varchar, post_id varchar,
	campaign_id varchar, click_id varchar, url varchar, evidence_cap varchar, outcome varchar, duration_s bigint, bot boolean, channel_hint varchar
);
create or replace table act_person (source varchar, stream varchar, source_id varchar, person_id varchar);
create or replace table visible_rep (user_id varchar, rep_id varchar);
create or replace table team (team_id varchar, name varchar);
create or replace table reporting as select 'EUR' as currency;
