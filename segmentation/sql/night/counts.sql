-- One row per word: how many accounts it stands on, and their positive basis.
SELECT word.field, word.value, count(*), coalesce(sum(basis) FILTER (WHERE basis > 0), 0)
  FROM night_result
 CROSS JOIN LATERAL (VALUES
       ('abc', abc), ('band', band), ('trend', trend), ('segment', segment)
 ) AS word (field, value)
 WHERE level = 'account'
 GROUP BY word.field, word.value
 ORDER BY word.field, word.value COLLATE "C"
