-- One row: what the whole window and the one before hold, unassigned lines included.
-- Amounts without sign: a purchase counts as it is, a credit note turned round.
SELECT coalesce(sum(size) FILTER (WHERE is_now), 0) AS turnover,
       coalesce(sum(size) FILTER (WHERE is_now AND NOT costed), 0) AS uncosted,
       coalesce(sum(size) FILTER (WHERE is_before), 0) AS previous_turnover,
       coalesce(sum(size) FILTER (WHERE is_before AND NOT costed), 0) AS previous_uncosted,
       coalesce(sum(size) FILTER (WHERE is_now AND account_id IS NULL), 0) AS unassigned_size,
       coalesce(sum(revenue) FILTER (WHERE is_now AND account_id IS NULL), 0) AS unassigned
  FROM (
    SELECT *, CASE WHEN bought THEN revenue ELSE -revenue END AS size
      FROM night_ledger
  ) AS sized
