-- Makes {table} agree with the file: {column} from its day on, what was before it kept.
DROP TABLE IF EXISTS pg_temp.told, pg_temp.wanted;
CREATE TEMP TABLE told ON COMMIT DROP AS
SELECT stage.account_id, stage.{column} AS value, {previous} AS previous,
       CASE WHEN stage.{day} IS NOT NULL THEN stage.{day}
            -- Changes that are on record stay: a statement without a day holds from today.
            WHEN history.changed THEN %(today)s END AS since
  FROM stage
  LEFT JOIN LATERAL (
    SELECT bool_or(lower(valid) IS NOT NULL OR upper(valid) IS NOT NULL) AS changed,
           bool_or({column} = stage.{column} AND valid @> %(today)s::date) AS holds
      FROM {table}
     WHERE account_id = stage.account_id
  ) AS history ON true
 WHERE stage.problems IS NULL
   AND stage.{column} IS NOT NULL
   AND (stage.{day} IS NOT NULL OR NOT coalesce(history.holds, false));

-- Already true from that day on, and nothing was said of the time before.
DELETE FROM told
 USING {table} AS kept
 WHERE kept.account_id = told.account_id
   AND kept.{column} = told.value
   AND told.previous IS NULL
   AND kept.valid @> daterange(told.since, NULL);

CREATE TEMP TABLE wanted ON COMMIT DROP AS
SELECT account_id, value, daterange(since, NULL) AS valid
  FROM told
 UNION ALL
SELECT account_id, previous, daterange(NULL, since)
  FROM told
 WHERE previous IS NOT NULL AND since IS NOT NULL
 UNION ALL
SELECT account_id, kept.{column}, kept.valid * daterange(NULL, told.since)
  FROM told
  JOIN {table} AS kept USING (account_id)
 WHERE told.previous IS NULL
   AND told.since IS NOT NULL
   AND kept.valid && daterange(NULL, told.since);

-- What already stands as it is wanted is left alone.
DELETE FROM wanted
 WHERE account_id IN (
    SELECT told.account_id
      FROM told
     WHERE NOT EXISTS (
        (SELECT value, valid FROM wanted WHERE account_id = told.account_id
         EXCEPT
         SELECT {column}, valid FROM {table} WHERE account_id = told.account_id)
        UNION ALL
        (SELECT {column}, valid FROM {table} WHERE account_id = told.account_id
         EXCEPT
         SELECT value, valid FROM wanted WHERE account_id = told.account_id)
     )
 );

DELETE FROM {table}
 WHERE account_id IN (SELECT account_id FROM wanted);

INSERT INTO {table} (account_id, {column}, valid)
SELECT account_id, value, valid FROM wanted;

UPDATE stage
   SET is_changed = true
 WHERE account_id IN (SELECT account_id FROM wanted)
