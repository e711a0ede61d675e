-- Corrects stored lines that came with other values. A column that the file lacks says nothing,
-- and of an account that one of us has given, neither does a source that names none.
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
       assigned_at = sent.assigned_at,
       account_text = sent.account_text
  FROM (
    SELECT entry.id, line.booked_on, line.booked_revenue, line.currency, line.rate, line.rate_on,
           CASE WHEN %(has_cost)s THEN line.booked_cost ELSE entry.booked_cost END AS booked_cost,
           CASE WHEN %(has_product_line)s THEN line.product_line_id
                ELSE entry.product_line_id END AS product_line_id,
           CASE WHEN entry.assigned_at IS NOT NULL AND (line.account_id IS NULL OR line.is_ruled)
                THEN entry.account_id ELSE line.account_id END AS account_id,
           CASE WHEN entry.assigned_at IS NOT NULL AND (line.account_id IS NULL OR line.is_ruled)
                THEN entry.assigned_at WHEN line.is_ruled THEN now() END AS assigned_at,
           line.account_text
      FROM staged_line AS line
      JOIN accounts_ledgerentry AS entry
        ON entry.source_id = %(source)s
       AND entry.document = line.document
       AND entry.line = line.line
  ) AS sent
 WHERE stored.id = sent.id
   AND (stored.account_id, stored.booked_on, stored.booked_revenue, stored.booked_cost,
        stored.currency, stored.product_line_id)
       IS DISTINCT FROM
       (sent.account_id, sent.booked_on, sent.booked_revenue, sent.booked_cost,
        sent.currency, sent.product_line_id)
