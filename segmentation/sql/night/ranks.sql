-- One row per account and group: rank, share, class, core and band on both bases.
-- Products are compared, never quotients; ties go by reference in code-point order.
DROP TABLE IF EXISTS pg_temp.night_total, pg_temp.night_ranked;
CREATE TEMP TABLE night_total ON COMMIT DROP AS
SELECT level, sum(greatest(income, 0)) AS income, sum(greatest(turnover, 0)) AS turnover
  FROM night_unit
 GROUP BY level;

CREATE TEMP TABLE night_ranked ON COMMIT DROP AS
WITH placed AS (
    SELECT level, id,
           row_number() OVER by_income AS income_rank,
           sum(greatest(income, 0)) OVER by_income - greatest(income, 0) AS income_before,
           row_number() OVER by_turnover AS turnover_rank,
           sum(greatest(turnover, 0)) OVER by_turnover - greatest(turnover, 0) AS turnover_before
      FROM night_unit
    WINDOW by_income AS (PARTITION BY level ORDER BY income DESC, ref COLLATE "C"
                         ROWS UNBOUNDED PRECEDING),
           by_turnover AS (PARTITION BY level ORDER BY turnover DESC, ref COLLATE "C"
                           ROWS UNBOUNDED PRECEDING)
)
SELECT unit.*, placed.income_rank, placed.income_before, placed.turnover_rank,
       placed.turnover_before,
       CASE WHEN unit.income > 0 THEN round(unit.income / total.income, 14) END AS income_share,
       CASE WHEN unit.income <= 0 THEN 'C'
            WHEN placed.income_before * 100 < %(abc_a)s * total.income THEN 'A'
            WHEN placed.income_before * 100 < %(abc_b)s * total.income THEN 'B'
            ELSE 'C' END AS income_abc,
       unit.income > 0 AND placed.income_before * 100 < %(vip_core)s * total.income AS income_core,
       CASE WHEN unit.income <= 0 THEN 'none'
            WHEN unit.income * 100 > %(mono_share)s * total.income THEN 'mono'
            WHEN unit.income * 100 > %(critical_share)s * total.income THEN 'critical'
            WHEN unit.income * 100 > %(key_share)s * total.income THEN 'key'
            ELSE 'none' END AS income_band,
       CASE WHEN unit.turnover > 0 THEN round(unit.turnover / total.turnover, 14) END AS turnover_share,
       CASE WHEN unit.turnover <= 0 THEN 'C'
            WHEN placed.turnover_before * 100 < %(abc_a)s * total.turnover THEN 'A'
            WHEN placed.turnover_before * 100 < %(abc_b)s * total.turnover THEN 'B'
            ELSE 'C' END AS turnover_abc,
       unit.turnover > 0 AND placed.turnover_before * 100 < %(vip_core)s * total.turnover AS turnover_core,
       CASE WHEN unit.turnover <= 0 THEN 'none'
            WHEN unit.turnover * 100 > %(mono_share)s * total.turnover THEN 'mono'
            WHEN unit.turnover * 100 > %(critical_share)s * total.turnover THEN 'critical'
            WHEN unit.turnover * 100 > %(key_share)s * total.turnover THEN 'key'
            ELSE 'none' END AS turnover_band
  FROM night_unit AS unit
  JOIN placed USING (level, id)
  JOIN night_total AS total USING (level)
