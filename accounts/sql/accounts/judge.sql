-- Identical rows count once; different rows of one account are all rejected; so are loops.
DELETE FROM stage AS again
 USING stage AS first
 WHERE first.account_ref = again.account_ref
   AND first.n < again.n
   AND first.problems IS NULL
   AND again.problems IS NULL
   AND to_jsonb(first) - 'n' = to_jsonb(again) - 'n';

UPDATE stage
   SET problems = jsonb_build_array(jsonb_build_object(
           'field', 'account_ref', 'value', account_ref, 'message', %(twice)s::text))
 WHERE problems IS NULL
   AND account_ref IN (
    SELECT account_ref
      FROM stage
     WHERE problems IS NULL
     GROUP BY account_ref
    HAVING count(*) > 1
   );

-- The parents that would hold: the file's, and ours where it says nothing.
WITH RECURSIVE edge AS (
    SELECT account_ref, parent_ref
      FROM stage
     WHERE parent_ref IS NOT NULL AND problems IS NULL
     UNION ALL
    SELECT account.account_ref, parent.account_ref
      FROM accounts_parentage AS link
      JOIN accounts_account AS account ON account.id = link.account_id
      JOIN accounts_account AS parent ON parent.id = link.parent_id
     WHERE link.valid @> %(today)s::date
       AND NOT EXISTS (
        SELECT FROM stage
         WHERE stage.account_ref = account.account_ref
           AND stage.parent_ref IS NOT NULL AND stage.problems IS NULL
       )
), above (account_ref, parent_ref) AS (
    SELECT account_ref, parent_ref FROM edge
     UNION
    SELECT above.account_ref, edge.parent_ref
      FROM above
      JOIN edge ON edge.account_ref = above.parent_ref
)
UPDATE stage
   SET problems = jsonb_build_array(jsonb_build_object(
           'field', 'parent_ref', 'value', coalesce(parent_ref, ''), 'message', %(loop)s::text))
 WHERE problems IS NULL
   AND parent_ref IS NOT NULL
   AND account_ref IN (SELECT account_ref FROM above WHERE account_ref = parent_ref);
