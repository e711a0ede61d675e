-- Converts the lines that waited for a rate and have one now.
UPDATE accounts_ledgerentry AS entry
   SET revenue = round(entry.booked_revenue * found.rate, 4),
       cost = round(entry.booked_cost * found.rate, 4),
       rate_on = found.day
  FROM (
    SELECT waiting.id, newest.rate, newest.day
      FROM accounts_ledgerentry AS waiting
     CROSS JOIN LATERAL (
        SELECT rate, day
          FROM accounts_exchangerate
         WHERE currency = waiting.currency
           AND day <= waiting.booked_on
           AND day >= waiting.booked_on - %(max_rate_age)s
         ORDER BY day DESC
         LIMIT 1
     ) AS newest
     WHERE waiting.revenue IS NULL
       AND waiting.withdrawn_at IS NULL
  ) AS found
 WHERE entry.id = found.id
   -- Asked again of a line that an undo has withdrawn meanwhile.
   AND entry.withdrawn_at IS NULL
