-- Adds the lines that the ledger does not hold yet.
INSERT INTO accounts_ledgerentry (source_id, document, line, account_id, booked_on,
                                  booked_revenue, booked_cost, currency, revenue, cost, rate_on,
                                  product_line_id, imported_id, assigned_at, account_text)
SELECT %(source)s, sent.document, sent.line, sent.account_id, sent.booked_on,
       sent.booked_revenue, sent.booked_cost, sent.currency,
       round(sent.booked_revenue * sent.rate, 4), round(sent.booked_cost * sent.rate, 4),
       sent.rate_on, sent.product_line_id, %(imported)s, CASE WHEN sent.is_ruled THEN now() END,
       sent.account_text
  FROM staged_line AS sent
 WHERE NOT EXISTS (
    SELECT FROM accounts_ledgerentry AS stored
     WHERE stored.source_id = %(source)s
       AND stored.document = sent.document
       AND stored.line = sent.line
 )
