-- One row per word: how many accounts it stands on, and their positive basis.
SELECT CASE 0 WHEN grouping(abc) THEN 'abc' WHEN grouping(band) THEN 'band'
              WHEN grouping(trend) THEN 'trend' ELSE 'segment' END AS field,
       coalesce(abc, band, trend, segment) AS value,
       count(*), coalesce(sum(basis) FILTER (WHERE basis > 0), 0)
  FROM night_result
 WHERE level = 'account'
 GROUP BY GROUPING SETS ((abc), (band), (trend), (segment))
 ORDER BY field, coalesce(abc, band, trend, segment) COLLATE "C"
