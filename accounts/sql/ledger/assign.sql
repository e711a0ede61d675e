-- Gives the staged lines without an account the one that a rule of their source names.
UPDATE stage
   SET account_ref = chosen.account_ref, is_ruled = true
  FROM (
    SELECT DISTINCT ON (stage.n) stage.n, account.account_ref
      FROM stage
      JOIN accounts_assignmentrule AS rule
        ON rule.source_id = %(source)s
       AND CASE rule.kind WHEN 'name' THEN rule.text = stage.account_name
                          WHEN 'document' THEN starts_with(stage.document, rule.text)
                          ELSE rule.text = stage.product_line END
      JOIN accounts_account AS account ON account.id = rule.account_id
     WHERE stage.problems IS NULL
       AND stage.account_ref IS NULL
     ORDER BY stage.n, rule.kind = 'name' DESC, rule.kind = 'document' DESC, length(rule.text) DESC
  ) AS chosen
 WHERE chosen.n = stage.n
