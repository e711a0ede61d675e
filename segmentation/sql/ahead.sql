-- One row per limit: the last of the other accounts that the account could pass so that less
-- than the limit of the total is ahead of it. `passing` is the least basis, in whole cents from
-- its own, that stands before that account; its own basis is left out of `ahead` and `others`.
WITH other AS MATERIALIZED (
    SELECT day.rank, day.basis,
           day.before - CASE WHEN day.rank > %(rank)s THEN greatest(%(basis)s, 0) ELSE 0 END
               AS ahead,
           %(basis)s + 0.01 * CASE
               WHEN %(ref)s::text COLLATE "C" < account.account_ref COLLATE "C"
               THEN ceil((day.basis - %(basis)s) * 100)
               ELSE floor((day.basis - %(basis)s) * 100) + 1 END AS passing
      FROM {day} AS day
      JOIN accounts_account AS account ON account.id = day.account_id
     WHERE day.basis > 0
       AND day.account_id <> %(account)s
), total AS (
    SELECT sum(basis) AS others FROM other
)
SELECT bound.percent, total.others, found.ahead, found.basis, found.passing
  FROM total
 CROSS JOIN unnest(%(limits)s::numeric[]) AS bound (percent)
 CROSS JOIN LATERAL (
    SELECT other.ahead, other.basis, other.passing
      FROM other
     WHERE other.ahead * 100 < bound.percent * (total.others + other.passing)
     ORDER BY other.rank DESC
     LIMIT 1
 ) AS found
