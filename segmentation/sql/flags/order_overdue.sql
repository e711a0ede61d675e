-- Watched groups that buy in a rhythm and have been silent for longer than it.
WITH silent AS (
    SELECT result.group_id, watched.key, result.basis, result.last_purchase_on
      FROM night_result AS result
      JOIN night_watched AS watched USING (group_id)
     WHERE level = 'group'
       AND last_purchase_on < %(as_of)s::date - %(overdue_min_days)s
), bought AS (
    SELECT DISTINCT silent.group_id, entry.booked_on
      FROM silent
      JOIN night_account AS member USING (group_id)
      JOIN accounts_ledgerentry AS entry ON entry.account_id = member.id
     WHERE entry.revenue > 0
       AND entry.booked_on > %(active_after)s
       AND entry.booked_on <= %(as_of)s
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
