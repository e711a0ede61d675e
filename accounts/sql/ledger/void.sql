-- Voids the stored lines of each whole document that the file no longer has. A document with
-- a rejected row is left alone: the row may be the very line.
UPDATE accounts_ledgerentry AS stored
   SET booked_revenue = 0, booked_cost = 0, revenue = 0, cost = 0
  FROM (
    SELECT document
      FROM stage
     GROUP BY document
    HAVING bool_and(problems IS NULL)
  ) AS whole
 WHERE stored.source_id = %(source)s
   AND stored.withdrawn_at IS NULL
   AND stored.document = whole.document
   AND (stored.booked_revenue, stored.booked_cost) IS DISTINCT FROM (0::numeric, 0::numeric)
   AND NOT EXISTS (
    SELECT FROM stage
     WHERE stage.document = stored.document
       AND coalesce(stage.line, '') = stored.line
   )
