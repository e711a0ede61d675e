-- Stores what is new or other; one row: how many were created, and which were corrected.
WITH stored AS (
    INSERT INTO accounts_exchangerate AS known (currency, day, rate)
    SELECT currency, day, rate FROM stage WHERE problems IS NULL
        ON CONFLICT (currency, day) DO UPDATE
       SET rate = EXCLUDED.rate
     WHERE known.rate <> EXCLUDED.rate
    RETURNING id, xmax = 0 AS is_new
)
SELECT count(*) FILTER (WHERE is_new),
       coalesce(array_agg(id) FILTER (WHERE NOT is_new), '{}')
  FROM stored
