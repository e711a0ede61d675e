-- A gap: accounts whose manager and head see the prospects very differently.
SELECT result.account_id, 2, '', abs(kam_score - head_score), basis,
       jsonb_build_object('kam', kam_score, 'head', head_score)
  FROM night_result AS result
 WHERE level = 'account'
   AND disputed
