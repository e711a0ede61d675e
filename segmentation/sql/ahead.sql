-- One row per limit: the last of the other accounts that the account has to pass so that less
-- than the limit of the total is ahead of it. `passing` is the least basis, in whole cents from
-- its own, that stands before that account; its own basis is left out of `ahead` and `others`.
-- The lower the rank, the more is ahead: so the limit's place among the ranks is found by halves.
WITH RECURSIVE search (percent, low, high) AS (
    SELECT percent, 0, %(positive)s::int
      FROM unnest(%(limits)s::numeric[]) AS bound (percent)
     UNION ALL
    SELECT percent,
           CASE WHEN other.ahead * 100 < percent * (%(others)s + other.passing)
                THEN other.rank ELSE low END,
           CASE WHEN other.ahead * 100 < percent * (%(others)s + other.passing)
                THEN high ELSE other.rank - 1 END
      FROM search
     CROSS JOIN LATERAL (
        {other} (low + high + 1) / 2
     ) AS other
     WHERE low < high
)
SELECT percent, other.ahead, other.basis, other.passing
  FROM search
 CROSS JOIN LATERAL (
    {other} CASE WHEN low = %(rank)s THEN low - 1 ELSE low END
 ) AS other
 WHERE low = high
