-- A gap: accounts that matter and whose prospects nobody has rated.
SELECT result.account_id, 1, '', NULL::numeric, basis,
       jsonb_build_object('abc', abc, 'amount', basis, 'basis', %(basis)s)
  FROM night_result AS result
 WHERE level = 'account'
   AND prospects IS NULL
   AND (abc <> 'C' OR group_id IN (SELECT group_id FROM night_watched))
