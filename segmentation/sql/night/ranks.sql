-- One row per account and group: rank, share, class, core and band on both bases.
-- Products are compared, never quotients; ties go by reference in code-point order.
DROP TABLE IF EXISTS pg_temp.night_ranked;
CREATE TEMP TABLE night_ranked ON COMMIT DROP AS
SELECT placed.*,
       CASE WHEN income > 0 THEN round(income / income_total, 14) END AS income_share,
       CASE WHEN income <= 0 THEN 'C'
            WHEN income_before * 100 < %(abc_a)s * income_total THEN 'A'
            WHEN income_before * 100 < %(abc_b)s * income_total THEN 'B'
            ELSE 'C' END AS income_abc,
       income > 0 AND income_before * 100 < %(vip_core)s * income_total AS income_core,
       CASE WHEN income <= 0 THEN 'none'
            WHEN income * 100 > %(mono_share)s * income_total THEN 'mono'
            WHEN income * 100 > %(critical_share)s * income_total THEN 'critical'
            WHEN income * 100 > %(key_share)s * income_total THEN 'key'
            ELSE 'none' END AS income_band,
       CASE WHEN turnover > 0 THEN round(turnover / turnover_total, 14) END AS turnover_share,
       CASE WHEN turnover <= 0 THEN 'C'
            WHEN turnover_before * 100 < %(abc_a)s * turnover_total THEN 'A'
            WHEN turnover_before * 100 < %(abc_b)s * turnover_total THEN 'B'
            ELSE 'C' END AS turnover_abc,
       turnover > 0 AND turnover_before * 100 < %(vip_core)s * turnover_total AS turnover_core,
       CASE WHEN turnover <= 0 THEN 'none'
            WHEN turnover * 100 > %(mono_share)s * turnover_total THEN 'mono'
            WHEN turnover * 100 > %(critical_share)s * turnover_total THEN 'critical'
            WHEN turnover * 100 > %(key_share)s * turnover_total THEN 'key'
            ELSE 'none' END AS turnover_band
  FROM (
    SELECT unit.*, income_total, turnover_total,
           row_number() OVER by_income AS income_rank,
           sum(greatest(income, 0)) OVER by_income - greatest(income, 0) AS income_before,
           row_number() OVER by_turnover AS turnover_rank,
           sum(greatest(turnover, 0)) OVER by_turnover - greatest(turnover, 0) AS turnover_before
      FROM night_unit AS unit
      JOIN (
        SELECT level, sum(greatest(income, 0)) AS income_total,
               sum(greatest(turnover, 0)) AS turnover_total
          FROM night_unit
         GROUP BY level
      ) AS total USING (level)
    WINDOW by_income AS (PARTITION BY level ORDER BY income DESC, ref COLLATE "C"
                         ROWS UNBOUNDED PRECEDING),
           by_turnover AS (PARTITION BY level ORDER BY turnover DESC, ref COLLATE "C"
                           ROWS UNBOUNDED PRECEDING)
  ) AS placed
