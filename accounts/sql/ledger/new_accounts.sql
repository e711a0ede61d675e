-- One row per account that the file names and we do not know, described by its newest line;
-- an unknown parent becomes one without lines.
DROP TABLE IF EXISTS pg_temp.newest, pg_temp.new_account;
CREATE TEMP TABLE newest ON COMMIT DROP AS
SELECT account_ref,
       -- The day first, then the place in the file, in one number that is cheap to compare.
       max(((booked_on - DATE '1900-01-01')::bigint << 32) | n) & 4294967295 AS n
  FROM stage
 WHERE problems IS NULL
   AND account_ref IS NOT NULL
 GROUP BY account_ref;

CREATE TEMP TABLE new_account ON COMMIT DROP AS
SELECT stage.account_ref, account_name AS name, parent_ref, stage.industry, stage.country,
       stage.headcount, coalesce(owner, '') AS owner,
       (SELECT id
          FROM firm_user
         WHERE lower(email) = lower(owner) OR staff_ref = owner
         ORDER BY staff_ref = owner DESC
         LIMIT 1) AS owner_id
  FROM newest
  JOIN stage USING (n)
  LEFT JOIN accounts_account AS known ON known.account_ref = newest.account_ref
 WHERE known.id IS NULL;

INSERT INTO new_account (account_ref, owner)
SELECT DISTINCT parent_ref, ''
  FROM new_account
 WHERE parent_ref IS NOT NULL
   AND parent_ref NOT IN (SELECT account_ref FROM new_account)
   AND parent_ref NOT IN (SELECT account_ref FROM accounts_account)
