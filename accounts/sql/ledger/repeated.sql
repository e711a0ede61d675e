-- Identical rows of one file count once: the first stays.
DROP TABLE IF EXISTS pg_temp.doubled;
CREATE TEMP TABLE doubled ON COMMIT DROP AS
SELECT document, coalesce(line, '') AS line
  FROM stage
 WHERE problems IS NULL
 GROUP BY document, coalesce(line, '')
HAVING count(*) > 1;

DELETE FROM stage
 USING (
    SELECT stage.n,
           row_number() OVER (
               PARTITION BY account_ref, booked_on, revenue, cost, currency,
                            stage.document, stage.line, product_line
                   ORDER BY stage.n
           ) AS copy
      FROM stage
      JOIN doubled ON doubled.document = stage.document
                  AND doubled.line = coalesce(stage.line, '')
     WHERE problems IS NULL
 ) AS again
 WHERE again.n = stage.n
   AND again.copy > 1
