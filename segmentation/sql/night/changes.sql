-- One row per word of a standing that differs from the day computed before, which is what
-- stood until now. Runs before the day is stored: it may be the same day, computed again.
INSERT INTO segmentation_standingchange (run_id, account_id, as_of, field, before, after)
SELECT %(run)s, account_id, %(as_of)s, word.field, coalesce(word.was, ''), coalesce(word.now, '')
  FROM (SELECT * FROM segmentation_standinghistory WHERE as_of = %(before)s) AS old
  FULL JOIN (SELECT * FROM night_result WHERE level = 'account') AS new USING (account_id)
 CROSS JOIN LATERAL (VALUES
       ('population', CASE WHEN old.id IS NULL THEN 'out' ELSE 'in' END,
        CASE WHEN new.level IS NULL THEN 'out' ELSE 'in' END),
       ('segment', old.segment, new.segment),
       ('abc', old.abc, new.abc),
       ('core', old.core::text, new.core::text),
       ('band', old.band, new.band),
       ('key', old.key::text, new.key::text),
       ('trend', old.trend, new.trend)
 ) AS word (field, was, now)
 WHERE word.was IS DISTINCT FROM word.now
   AND (word.field = 'population' OR (old.id IS NOT NULL AND new.level IS NOT NULL))
