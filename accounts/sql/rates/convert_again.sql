-- Converts the lines of corrected rates again.
UPDATE accounts_ledgerentry AS entry
   SET revenue = round(entry.booked_revenue * rate.rate, 4),
       cost = round(entry.booked_cost * rate.rate, 4)
  FROM accounts_exchangerate AS rate
 WHERE rate.id = ANY(%(rates)s)
   AND entry.currency = rate.currency
   AND entry.rate_on = rate.day
   AND entry.withdrawn_at IS NULL
   AND entry.revenue IS NOT NULL
   -- No line is older than its rate, or younger by more than a policy ever allowed.
   AND entry.booked_on BETWEEN rate.day AND rate.day + (SELECT max(max_rate_age) FROM firm_policy)
