-- Watched groups that buy in a rhythm and have been silent for longer than it.
WITH silent AS (
    SELECT result.group_id, watched.key, result.basis, result.last_purchase_on
      FROM night_result AS result
      JOIN night_watched AS watched USING (group_id)
     WHERE level = 'group'
       AND last_purchase_on < %(as_of)s::date - %(overdue_min_days)s
), member AS MATERIALIZED (
    SELECT night_account.id, silent.group_id
      FROM silent
      JOIN night_account USING (group_id)
), bought AS (
    SELECT DISTINCT member.group_id, purchase.booked_on
      FROM member
     -- Account by account: the few silent ones, never the ledger.
     CROSS JOIN LATERAL (
        SELECT DISTINCT booked_on
          FROM accounts_ledgerentry
         WHERE account_id = member.id
           AND revenue > 0
           AND booked_on > %(active_after)s
           AND booked_on <= %(as_of)s
     ) AS purchase
), rhythm AS (
    SELECT group_id, count(*) AS days, percentile_cont(0.5) WITHIN GROUP (ORDER BY gap) AS gap
      FROM (
        SELECT group_id,
               booked_on - lag(booked_on) OVER (PARTITION BY group_id ORDER BY booked_on) AS gap
          FROM bought
      ) AS stepped
     GROUP BY group_id
)
SELECT group_id, CASE WHEN key THEN 3 ELSE 2 END, '', %(as_of)s::date - last_purchase_on, basis,
       jsonb_build_object('days', %(as_of)s::date - last_purchase_on, 'gap', gap,
                          'purchases', days, 'last', last_purchase_on)
  FROM silent
  JOIN rhythm USING (group_id)
 WHERE days >= %(overdue_purchase_days)s
   AND %(as_of)s::date - last_purchase_on
       > greatest(%(overdue_min_days)s, %(overdue_gaps)s * gap)
