-- Gives the account of one rule to the waiting lines that it decides on, as an import would.
UPDATE accounts_ledgerentry AS entry
   SET account_id = chosen.account_id, assigned_at = %(at)s
  FROM (
    SELECT DISTINCT ON (waiting.id) waiting.id, rule.id AS rule_id, rule.account_id
      FROM accounts_ledgerentry AS waiting
      LEFT JOIN accounts_productline AS product ON product.id = waiting.product_line_id
      JOIN accounts_assignmentrule AS rule
        ON rule.source_id = waiting.source_id
       AND CASE rule.kind WHEN 'name' THEN rule.text = waiting.account_text
                          WHEN 'document' THEN starts_with(waiting.document, rule.text)
                          ELSE rule.text = product.name END
     WHERE waiting.source_id = %(source)s
       AND waiting.account_id IS NULL
       AND waiting.withdrawn_at IS NULL
     ORDER BY waiting.id, rule.kind = 'name' DESC, rule.kind = 'document' DESC,
              length(rule.text) DESC
  ) AS chosen
 WHERE chosen.id = entry.id
   AND chosen.rule_id = %(rule)s
   AND entry.account_id IS NULL
   AND entry.withdrawn_at IS NULL
