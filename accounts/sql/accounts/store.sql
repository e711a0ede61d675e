-- Creates the accounts that we do not know, updates the others where a cell says something new,
-- and resolves owners, parents and departments.
UPDATE stage
   SET is_new = NOT EXISTS (
       SELECT FROM accounts_account WHERE account_ref = stage.account_ref);

INSERT INTO accounts_account (account_ref, name, legal_name, tax_number, kind, industry, country,
                              headcount, closed_on, close_reason, created_at)
SELECT account_ref, coalesce(account_name, account_ref), coalesce(legal_name, ''),
       coalesce(tax_number, ''), coalesce(kind, 'company'), coalesce(industry, ''),
       coalesce(country, ''), headcount, closed_on, coalesce(close_reason, ''), now()
  FROM stage
 WHERE problems IS NULL
   AND is_new;

-- An unknown parent becomes an account without lines.
INSERT INTO accounts_account (account_ref, name, legal_name, tax_number, kind, industry, country,
                              close_reason, created_at)
SELECT DISTINCT parent_ref, parent_ref, '', '', 'company', '', '', '', now()
  FROM stage
 WHERE problems IS NULL
   AND parent_ref IS NOT NULL
   AND parent_ref NOT IN (SELECT account_ref FROM accounts_account);

UPDATE stage
   SET account_id = (SELECT id FROM accounts_account WHERE account_ref = stage.account_ref),
       parent_id = (SELECT id FROM accounts_account WHERE account_ref = stage.parent_ref),
       department_id = (SELECT id FROM firm_department WHERE code = stage.department),
       owner_id = (
           SELECT id FROM firm_user
            WHERE staff_ref = stage.owner OR lower(email) = lower(stage.owner)
            ORDER BY staff_ref = stage.owner DESC LIMIT 1),
       previous_owner_id = (
           SELECT id FROM firm_user
            WHERE staff_ref = stage.previous_owner OR lower(email) = lower(stage.previous_owner)
            ORDER BY staff_ref = stage.previous_owner DESC LIMIT 1)
 WHERE problems IS NULL;

WITH updated AS (
    UPDATE accounts_account AS account
       SET name = coalesce(stage.account_name, account.name),
           legal_name = coalesce(stage.legal_name, account.legal_name),
           tax_number = coalesce(stage.tax_number, account.tax_number),
           kind = coalesce(stage.kind, account.kind),
           industry = coalesce(stage.industry, account.industry),
           country = coalesce(stage.country, account.country),
           headcount = coalesce(stage.headcount, account.headcount),
           closed_on = coalesce(stage.closed_on, account.closed_on),
           close_reason = coalesce(stage.close_reason, account.close_reason)
      FROM stage
     WHERE stage.account_id = account.id
       AND NOT stage.is_new
       AND (account.name, account.legal_name, account.tax_number, account.kind,
            account.industry, account.country, account.headcount, account.closed_on,
            account.close_reason)
           IS DISTINCT FROM
           (coalesce(stage.account_name, account.name),
            coalesce(stage.legal_name, account.legal_name),
            coalesce(stage.tax_number, account.tax_number), coalesce(stage.kind, account.kind),
            coalesce(stage.industry, account.industry), coalesce(stage.country, account.country),
            coalesce(stage.headcount, account.headcount),
            coalesce(stage.closed_on, account.closed_on),
            coalesce(stage.close_reason, account.close_reason))
    RETURNING account.id
)
UPDATE stage
   SET is_changed = true
  FROM updated
 WHERE updated.id = stage.account_id
