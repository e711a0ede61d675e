-- A gap: accounts that matter and whose prospects nobody has rated. Those that are asked for
-- already, and of the others no more than a week's for each owner.
SELECT account_id, 1, '', NULL::numeric, basis,
       jsonb_build_object('abc', abc, 'amount', basis, 'basis', %(basis)s)
  FROM (
    SELECT result.account_id, result.basis, result.abc, flag.account_id IS NOT NULL AS is_asked,
           row_number() OVER (PARTITION BY result.owner_id, flag.account_id IS NULL
                                  ORDER BY result.basis DESC, result.account_id) AS place
      FROM night_result AS result
      LEFT JOIN (
        SELECT DISTINCT account_id
          FROM segmentation_flag
         WHERE kind = 'unrated'
           AND (cleared_on IS NULL OR cleared_on >= %(as_of)s::date - %(flag_return_days)s)
      ) AS flag USING (account_id)
     WHERE level = 'account'
       AND prospects IS NULL
       AND (abc <> 'C' OR result.group_id IN (SELECT group_id FROM night_watched))
  ) AS waiting
 WHERE is_asked
    OR place <= %(gaps_per_week)s
