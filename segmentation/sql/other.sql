SELECT day.rank::int AS rank, day.basis,
       day.before - CASE WHEN day.rank > %(rank)s THEN greatest(%(basis)s, 0) ELSE 0 END AS ahead,
       %(basis)s + 0.01 * CASE
           WHEN day.rank = %(rank)s THEN 0
           WHEN %(ref)s::text COLLATE "C" < account.account_ref COLLATE "C"
           THEN ceil((day.basis - %(basis)s) * 100)
           ELSE floor((day.basis - %(basis)s) * 100) + 1 END AS passing
  FROM {day} AS day
  JOIN accounts_account AS account ON account.id = day.account_id
 WHERE {on_day} AND day.rank =
