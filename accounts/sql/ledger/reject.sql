-- Rejects rows that are well-formed alone and wrong together: unnumbered lines of a document,
-- one line with two values, parents in a loop.
UPDATE stage
   SET problems = jsonb_build_array(jsonb_build_object(
           'field', 'line', 'value', coalesce(line, ''),
           'message', format(%(no_numbers)s, stage.document, unnumbered.lines)))
  FROM (
    SELECT document, count(*) AS lines
      FROM stage
     WHERE document IN (SELECT document FROM stage WHERE line IS NULL AND problems IS NULL)
     GROUP BY document
    HAVING count(*) > 1
  ) AS unnumbered
 WHERE unnumbered.document = stage.document
   AND problems IS NULL;

UPDATE stage
   SET problems = jsonb_build_array(jsonb_build_object(
           'field', 'line', 'value', disputed.line,
           'message', format(%(two_values)s, stage.document, disputed.line)))
  FROM (
    SELECT document, doubled.line
      FROM stage
      JOIN doubled USING (document)
     WHERE problems IS NULL
       AND doubled.line = coalesce(stage.line, '')
     GROUP BY document, doubled.line
    HAVING count(*) > 1
  ) AS disputed
 WHERE disputed.document = stage.document
   AND disputed.line = coalesce(stage.line, '')
   AND problems IS NULL;

-- A document that is stored as one unnumbered line and comes with numbers (or the other way
-- round) would count twice.
UPDATE stage
   SET problems = jsonb_build_array(jsonb_build_object(
           'field', 'line', 'value', coalesce(line, ''),
           'message', format(%(mixed_numbers)s, document)))
 WHERE problems IS NULL
   AND NOT %(whole_documents)s
   AND CASE WHEN line IS NULL THEN EXISTS (
               SELECT FROM accounts_ledgerentry AS stored
                WHERE stored.source_id = %(source)s
                  AND stored.document = stage.document
                  AND stored.line <> ''
                  AND stored.withdrawn_at IS NULL)
            ELSE document IN (
               SELECT stored.document
                 FROM accounts_ledgerentry AS stored
                WHERE stored.source_id = %(source)s
                  AND stored.line = ''
                  AND stored.withdrawn_at IS NULL)
       END;

WITH RECURSIVE edge AS (
    SELECT DISTINCT ON (account_ref) account_ref, parent_ref
      FROM stage
     WHERE problems IS NULL
       AND account_ref IN (SELECT account_ref FROM stage WHERE parent_ref IS NOT NULL)
       AND account_ref NOT IN (SELECT account_ref FROM accounts_account)
     ORDER BY account_ref, booked_on DESC, n DESC
), above (account_ref, parent_ref) AS (
    SELECT account_ref, parent_ref FROM edge
     UNION
    SELECT above.account_ref, edge.parent_ref
      FROM above
      JOIN edge ON edge.account_ref = above.parent_ref
)
UPDATE stage
   SET problems = jsonb_build_array(jsonb_build_object(
           'field', 'parent_ref', 'value', coalesce(parent_ref, ''), 'message', %(loop)s))
 WHERE problems IS NULL
   AND account_ref IN (SELECT account_ref FROM above WHERE account_ref = parent_ref);
