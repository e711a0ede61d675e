-- One row per account and group: rank, share, class, core and band on both bases.
-- Products are compared, never quotients: a hundred times the amount against the percentage of
-- the total. Ties go by reference in code-point order.
DROP TABLE IF EXISTS pg_temp.night_ranked;
CREATE TEMP TABLE night_ranked ON COMMIT DROP AS
WITH bound AS MATERIALIZED (
    SELECT level,
               income AS income_total,
               %(abc_a)s * income AS income_to_a,
               %(abc_b)s * income AS income_to_b,
               %(vip_core)s * income AS income_to_core,
               %(key_share)s * income AS income_to_key,
               %(critical_share)s * income AS income_to_critical,
               %(mono_share)s * income AS income_to_mono,
               turnover AS turnover_total,
               %(abc_a)s * turnover AS turnover_to_a,
               %(abc_b)s * turnover AS turnover_to_b,
               %(vip_core)s * turnover AS turnover_to_core,
               %(key_share)s * turnover AS turnover_to_key,
               %(critical_share)s * turnover AS turnover_to_critical,
               %(mono_share)s * turnover AS turnover_to_mono
      FROM (
        SELECT level, sum(greatest(income, 0)) AS income, sum(greatest(turnover, 0)) AS turnover
          FROM night_unit
         GROUP BY level
      ) AS total
), placed AS (
    SELECT *,
           row_number() OVER by_income AS income_rank,
           sum(greatest(income, 0)) OVER by_income - greatest(income, 0) AS income_before,
           row_number() OVER by_turnover AS turnover_rank,
           sum(greatest(turnover, 0)) OVER by_turnover - greatest(turnover, 0) AS turnover_before
      FROM night_unit
    -- A condition sorts faster than a word.
    WINDOW by_income AS (PARTITION BY level = 'group' ORDER BY income DESC, ref COLLATE "C"
                         ROWS UNBOUNDED PRECEDING),
           by_turnover AS (PARTITION BY level = 'group' ORDER BY turnover DESC, ref COLLATE "C"
                           ROWS UNBOUNDED PRECEDING)
)
SELECT placed.*,
       CASE WHEN income > 0 THEN round(income / income_total, 14) END AS income_share,
       CASE WHEN income <= 0 THEN 'C'
            WHEN income_before * 100 < income_to_a THEN 'A'
            WHEN income_before * 100 < income_to_b THEN 'B'
            ELSE 'C' END AS income_abc,
       income > 0 AND income_before * 100 < income_to_core AS income_core,
       CASE WHEN income <= 0 OR income * 100 <= income_to_key THEN 'none'
            WHEN income * 100 > income_to_mono THEN 'mono'
            WHEN income * 100 > income_to_critical THEN 'critical'
            ELSE 'key' END AS income_band,
       CASE WHEN turnover > 0 THEN round(turnover / turnover_total, 14) END AS turnover_share,
       CASE WHEN turnover <= 0 THEN 'C'
            WHEN turnover_before * 100 < turnover_to_a THEN 'A'
            WHEN turnover_before * 100 < turnover_to_b THEN 'B'
            ELSE 'C' END AS turnover_abc,
       turnover > 0 AND turnover_before * 100 < turnover_to_core AS turnover_core,
       CASE WHEN turnover <= 0 OR turnover * 100 <= turnover_to_key THEN 'none'
            WHEN turnover * 100 > turnover_to_mono THEN 'mono'
            WHEN turnover * 100 > turnover_to_critical THEN 'critical'
            ELSE 'key' END AS turnover_band
  FROM placed
  JOIN bound USING (level)
