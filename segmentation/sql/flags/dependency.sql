-- Groups in a band, company scope (D1). Where losses are heavy the higher of both bands counts.
SELECT banded.group_id, CASE place WHEN 4 THEN 4 WHEN 3 THEN 3 ELSE 2 END,
       bands[place], round(100 * share, 4), basis,
       jsonb_build_object('share', round(100 * share, 1), 'total', %(group_total)s::numeric,
                          'amount', basis, 'basis', %(basis)s, 'band', bands[place],
                          'limit', (ARRAY[0, %(key_share)s, %(critical_share)s,
                                          %(mono_share)s]::float[])[place])
  FROM (
    SELECT *, ARRAY['none', 'key', 'critical', 'mono'] AS bands,
           CASE WHEN %(heavy_losses)s
                THEN greatest(
                    array_position(ARRAY['none', 'key', 'critical', 'mono'], income_band::text),
                    array_position(ARRAY['none', 'key', 'critical', 'mono'], turnover_band::text))
                ELSE array_position(ARRAY['none', 'key', 'critical', 'mono'], band::text)
           END AS place
      FROM night_result
     WHERE level = 'group'
  ) AS banded
 WHERE place > 1
