-- One row per field in which an account's newest line disagrees with the stored account.
-- Empty cells say nothing.
DROP TABLE IF EXISTS pg_temp.difference;
CREATE TEMP TABLE difference ON COMMIT DROP AS
SELECT account.account_ref, told.field, told.ours, told.theirs
  FROM newest
  JOIN stage USING (n)
  JOIN accounts_account AS account ON account.account_ref = newest.account_ref
  LEFT JOIN accounts_parentage AS link
         ON link.account_id = account.id AND link.valid @> %(today)s::date
  LEFT JOIN accounts_account AS parent ON parent.id = link.parent_id
  LEFT JOIN accounts_ownership AS owned
         ON owned.account_id = account.id AND owned.valid @> %(today)s::date
  LEFT JOIN firm_user AS owner ON owner.id = owned.owner_id
 CROSS JOIN LATERAL (VALUES
       ('account_name', account.name, stage.account_name),
       ('parent_ref', parent.account_ref, stage.parent_ref),
       ('industry', account.industry, stage.industry),
       ('country', account.country, stage.country),
       ('headcount', account.headcount::text, stage.headcount::text),
       ('owner', CASE WHEN stage.owner = owner.staff_ref OR lower(stage.owner) = lower(owner.email)
                      THEN stage.owner
                      ELSE coalesce(owner.staff_ref, owner.email) END, stage.owner)
 ) AS told (field, ours, theirs)
 WHERE told.theirs IS NOT NULL
   AND told.theirs IS DISTINCT FROM told.ours
