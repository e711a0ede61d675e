-- Stores what is new or other; one row: how many were created, and corrected.
WITH stored AS (
    INSERT INTO accounts_exchangerate AS known (currency, day, rate)
    SELECT currency, day, rate FROM stage WHERE problems IS NULL
        ON CONFLICT (currency, day) DO UPDATE
       SET rate = EXCLUDED.rate
     WHERE known.rate <> EXCLUDED.rate
    RETURNING xmax = 0 AS is_new
)
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM stored
