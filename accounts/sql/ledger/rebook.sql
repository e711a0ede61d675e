-- Books withdrawn lines that come again, as if they were new.
UPDATE accounts_ledgerentry AS stored
   SET account_id = sent.account_id,
       booked_on = sent.booked_on,
       booked_revenue = sent.booked_revenue,
       booked_cost = sent.booked_cost,
       currency = sent.currency,
       revenue = round(sent.booked_revenue * sent.rate, 4),
       cost = round(sent.booked_cost * sent.rate, 4),
       rate_on = sent.rate_on,
       product_line_id = sent.product_line_id,
       imported_id = %(imported)s,
       withdrawn_at = NULL,
       assigned_at = CASE WHEN sent.is_ruled THEN now() END,
       account_text = sent.account_text
  FROM staged_line AS sent
 WHERE stored.source_id = %(source)s
   AND stored.withdrawn_at IS NOT NULL
   AND stored.document = sent.document
   AND stored.line = sent.line
