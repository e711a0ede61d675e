-- Stores what is new or other; one row: how many were created, and corrected.
WITH stored AS (
    INSERT INTO accounts_controltotal AS known (source_id, month, currency, revenue, lines)
    SELECT %(source)s, month::date, currency, revenue, lines FROM stage WHERE problems IS NULL
        ON CONFLICT (source_id, month, currency) DO UPDATE
       SET revenue = EXCLUDED.revenue, lines = EXCLUDED.lines
     WHERE (known.revenue, known.lines) IS DISTINCT FROM (EXCLUDED.revenue, EXCLUDED.lines)
    RETURNING xmax = 0 AS is_new
)
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM stored
