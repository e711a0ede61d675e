-- Watched groups whose basis fell, by enough to matter to the company.
SELECT result.group_id, CASE WHEN watched.key THEN 3 ELSE 2 END, '', was - now, was - now,
       jsonb_build_object('now', now, 'before', was, 'loss', was - now, 'basis', %(trend_basis)s,
                          'percent', CASE WHEN was > 0 THEN round(100 * (was - now) / was, 1) END,
                          'limit', %(declining_share)s::float)
  FROM night_result AS result
  JOIN night_watched AS watched USING (group_id)
 WHERE level = 'group'
   AND trend = 'declining'
   AND %(is_comparable)s
   AND (was - now) * 100 >= %(declining_share)s * (
       SELECT sum(greatest(now, 0)) FROM night_result WHERE level = 'account')
