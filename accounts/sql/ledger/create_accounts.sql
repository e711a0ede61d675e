-- Stores the new accounts; owner and parent hold from the beginning of time.
UPDATE new_account
   SET owner_id = placeholder.id
  FROM firm_user AS placeholder
 WHERE new_account.owner_id IS NULL
   AND placeholder.staff_ref = new_account.owner;

INSERT INTO accounts_account (account_ref, name, legal_name, tax_number, kind, industry, country,
                              headcount, close_reason, created_at)
SELECT account_ref, coalesce(name, account_ref), '', '', 'company', coalesce(industry, ''),
       coalesce(country, ''), headcount, '', now()
  FROM new_account;

INSERT INTO accounts_ownership (account_id, owner_id, valid)
SELECT account.id, new_account.owner_id, daterange(NULL, NULL)
  FROM new_account
  JOIN accounts_account AS account USING (account_ref)
 WHERE new_account.owner_id IS NOT NULL;

INSERT INTO accounts_parentage (account_id, parent_id, valid)
SELECT account.id, parent.id, daterange(NULL, NULL)
  FROM new_account
  JOIN accounts_account AS account USING (account_ref)
  JOIN accounts_account AS parent ON parent.account_ref = new_account.parent_ref;

SELECT FROM new_account
