-- title: Deals without an owner
-- why: No rep, manager or team counts them; only the whole company does.
select d.deal_id, d.name, d.status, d.amount_minor, d.currency
from deal d
where d.owner_rep_id = ''
order by d.deal_id
