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
       placed.turnover_before, on_income.share AS income_share, on_income.abc AS income_abc,
       on_income.core AS income_core, on_income.band AS income_band,
       on_turnover.share AS turnover_share, on_turnover.abc AS turnover_abc,
       on_turnover.core AS turnover_core, on_turnover.band AS turnover_band
  FROM night_unit AS unit
  JOIN placed USING (level, id)
  JOIN night_total AS total USING (level)
 CROSS JOIN LATERAL (
    SELECT round(unit.income / nullif(total.income, 0), 14) AS share,
           CASE WHEN placed.income_before * 100 < %(abc_a)s * total.income THEN 'A'
                WHEN placed.income_before * 100 < %(abc_b)s * total.income THEN 'B'
                ELSE 'C' END AS abc,
           placed.income_before * 100 < %(vip_core)s * total.income AS core,
           CASE WHEN unit.income * 100 > %(mono_share)s * total.income THEN 'mono'
                WHEN unit.income * 100 > %(critical_share)s * total.income THEN 'critical'
                WHEN unit.income * 100 > %(key_share)s * total.income THEN 'key'
                ELSE 'none' END AS band
     WHERE unit.income > 0
     UNION ALL
    SELECT NULL, 'C', false, 'none' WHERE unit.income <= 0
 ) AS on_income
 CROSS JOIN LATERAL (
    SELECT round(unit.turnover / nullif(total.turnover, 0), 14) AS share,
           CASE WHEN placed.turnover_before * 100 < %(abc_a)s * total.turnover THEN 'A'
                WHEN placed.turnover_before * 100 < %(abc_b)s * total.turnover THEN 'B'
                ELSE 'C' END AS abc,
           placed.turnover_before * 100 < %(vip_core)s * total.turnover AS core,
           CASE WHEN unit.turnover * 100 > %(mono_share)s * total.turnover THEN 'mono'
                WHEN unit.turnover * 100 > %(critical_share)s * total.turnover THEN 'critical'
                WHEN unit.turnover * 100 > %(key_share)s * total.turnover THEN 'key'
                ELSE 'none' END AS band
     WHERE unit.turnover > 0
     UNION ALL
    SELECT NULL, 'C', false, 'none' WHERE unit.turnover <= 0
 ) AS on_turnover
