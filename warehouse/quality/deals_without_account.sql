-- title: Deals without an account
-- why: Touches are found by account; a deal without one can only earn by its own contacts.
select d.deal_id, d.name, d.status, d.owner_rep_id, d.amount_minor, d.currency
from deal d
where d.account_id = ''
order by d.deal_id
