-- One row per currency: the middle of its amounts without their signs, of every so-manieth row.
SELECT coalesce(currency, %(currency)s),
       percentile_disc(0.5) WITHIN GROUP (ORDER BY abs(revenue))
  FROM stage
 WHERE problems IS NULL
   AND revenue <> 0
   AND n %% %(every)s = 0
 GROUP BY 1
