-- One row per account, period (0 window, 1 previous window, 2 older), whether the lines have a
-- cost and whether they are purchases: the only scan of the ledger, with plain sums.
-- Account NULL holds the unassigned lines.
DROP TABLE IF EXISTS pg_temp.night_ledger;

CREATE TEMP TABLE night_ledger ON COMMIT DROP AS
SELECT account_id,
       period,
       cost IS NOT NULL AS costed,
       revenue > 0 AS bought,
       count(*) AS lines,
       sum(revenue) AS revenue,
       sum(cost) AS cost,
       min(booked_on) AS first_on,
       max(booked_on) AS last_on,
       bit_or(month) AS months
  FROM accounts_ledgerentry
  -- What is asked of a line's day is worked out once a day, not once a line. A subquery and no
  -- table of the session: parallel workers cannot read those. One bit a month, meaningful
  -- within the window (at most 60 months).
  JOIN (
    SELECT day::date AS booked_on,
           CASE WHEN day::date > %(window_after)s THEN 0
                WHEN day::date > %(previous_after)s THEN 1
                ELSE 2 END AS period,
           1::bigint << ((date_part('year', day) * 12 + date_part('month', day))::integer
                         - %(first_month)s & 63) AS month
      FROM generate_series(%(active_after)s::date + 1, %(as_of)s::date, interval '1 day') AS day
  ) AS days USING (booked_on)
 WHERE booked_on > %(active_after)s
   AND booked_on <= %(as_of)s
   AND revenue IS NOT NULL
 GROUP BY 1, 2, 3, 4
