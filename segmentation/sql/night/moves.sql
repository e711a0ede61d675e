-- One row per word of a standing that differs between a stored day and the night's result.
SELECT account_id, word.field, coalesce(word.was, '') AS was, coalesce(word.now, '') AS now
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
