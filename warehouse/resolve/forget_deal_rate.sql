-- A fixed rate holds only for the two currencies it was fixed between.
delete from deal_rate
where reporting_currency <> $currency
   or not exists (select 1 from deal_record d where d.deal_id = deal_rate.deal_id and d.currency = deal_rate.currency)
