-- What went to no touch of a deal under every model. Grain: one row.
select d.deal_no/*residues*/
from journey_deal d
where d.deal_no = $deal_no
