-- What the lines refer to: product lines by name, and for each foreign currency and day the
-- newest rate that is not older than the policy allows.
DROP TABLE IF EXISTS pg_temp.rate CASCADE;
INSERT INTO accounts_productline (name)
SELECT DISTINCT product_line
  FROM stage
 WHERE problems IS NULL
   AND product_line IS NOT NULL
   AND product_line NOT IN (SELECT name FROM accounts_productline);

CREATE TEMP TABLE rate ON COMMIT DROP AS
SELECT asked.currency, asked.booked_on, found.rate, found.day
  FROM (
    SELECT DISTINCT currency, booked_on
      FROM stage
     WHERE problems IS NULL
       AND currency <> %(currency)s
  ) AS asked
  LEFT JOIN LATERAL (
    SELECT rate, day
      FROM accounts_exchangerate
     WHERE currency = asked.currency
       AND day <= asked.booked_on
       AND day >= asked.booked_on - %(max_rate_age)s
     ORDER BY day DESC
     LIMIT 1
  ) AS found ON true;

ANALYZE rate;

-- The lines as the ledger would hold them.
CREATE TEMP VIEW staged_line AS
SELECT stage.n, stage.document, coalesce(stage.line, '') AS line, account.id AS account_id,
       stage.booked_on, stage.revenue AS booked_revenue, stage.cost AS booked_cost,
       coalesce(stage.currency, %(currency)s) AS currency, product.id AS product_line_id,
       CASE WHEN stage.currency <> %(currency)s THEN rate.rate ELSE 1 END AS rate,
       rate.day AS rate_on, stage.is_ruled,
       CASE WHEN account.id IS NULL OR stage.is_ruled THEN stage.account_name END AS account_text
  FROM stage
  LEFT JOIN accounts_account AS account ON account.account_ref = stage.account_ref
  LEFT JOIN accounts_productline AS product ON product.name = stage.product_line
  LEFT JOIN rate ON rate.currency = stage.currency AND rate.booked_on = stage.booked_on
 WHERE stage.problems IS NULL
