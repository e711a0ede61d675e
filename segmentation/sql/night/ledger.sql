-- One row per account, window, whether the lines have a cost and whether they are purchases: the
-- only scan of the ledger, with plain sums. `is_now` is the window, `is_before` the one before it.
-- Account NULL holds the unassigned lines. What waits for a rate or was withdrawn has no revenue.
DROP TABLE IF EXISTS pg_temp.night_ledger;

CREATE TEMP TABLE night_ledger ON COMMIT DROP AS
SELECT account_id,
       -- The planner knows how many values a condition has, and so lets every core count.
       booked_on > %(window_after)s AS is_now,
       booked_on > %(previous_after)s AND booked_on <= %(window_after)s AS is_before,
       cost IS NOT NULL AS costed,
       revenue > 0 AS bought,
       count(*) AS lines,
       -- Whole ten-thousandths fit a bigint (18 digits), whose sums are exact and twice as fast.
       sum((revenue * 10000)::bigint) * 0.0001 AS revenue,
       sum((cost * 10000)::bigint) * 0.0001 AS cost,
       min(booked_on) AS first_on,
       max(booked_on) AS last_on,
       -- One bit a month of the window. What is asked of a day is looked up, not worked out:
       -- the ledger has many lines a day.
       bit_or((%(month_bits)s::bigint[])[booked_on - %(window_after)s::date]) AS months
  FROM accounts_ledgerentry
 WHERE booked_on > %(active_after)s
   AND booked_on <= %(as_of)s
   AND revenue IS NOT NULL
 GROUP BY 1, 2, 3, 4, 5
