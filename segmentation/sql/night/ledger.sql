-- One row per account, period (0 window, 1 previous window, 2 older), whether the lines have a
-- cost and whether they are purchases: the only scan of the ledger, with plain sums.
-- Account NULL holds the unassigned lines.
DROP TABLE IF EXISTS pg_temp.night_ledger;
CREATE TEMP TABLE night_ledger ON COMMIT DROP AS
SELECT account_id,
       CASE WHEN booked_on > %(window_after)s THEN 0
            WHEN booked_on > %(previous_after)s THEN 1
            ELSE 2 END AS period,
       cost IS NOT NULL AS costed,
       revenue > 0 AS bought,
       count(*) AS lines,
       sum(revenue) AS revenue,
       sum(cost) AS cost,
       min(booked_on) AS first_on,
       max(booked_on) AS last_on,
       -- One bit a month, meaningful within the window (at most 60 months).
       bit_or(1::bigint << (
           (date_part('year', booked_on) * 12 + date_part('month', booked_on))::integer
           - %(first_month)s & 63)) AS months
  FROM accounts_ledgerentry
 WHERE booked_on > %(active_after)s
   AND booked_on <= %(as_of)s
   AND revenue IS NOT NULL
 GROUP BY 1, 2, 3, 4
