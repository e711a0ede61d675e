-- Makes the open flags of the kinds that were looked at agree with what is true tonight.

-- Still true: the level moves, and an acknowledged flag wakes when it got worse.
UPDATE segmentation_flag AS flag
   SET severity = now.severity, level = now.level, number = now.number, money = now.money,
       evidence = now.evidence, policy_id = %(policy)s, held_on = %(as_of)s,
       checked_on = %(as_of)s, quiet_runs = 0,
       acknowledged_at = CASE WHEN woken.up THEN NULL ELSE acknowledged_at END,
       acknowledged_by_id = CASE WHEN woken.up THEN NULL ELSE acknowledged_by_id END,
       acknowledged_reason = CASE WHEN woken.up THEN '' ELSE acknowledged_reason END,
       rests_until = CASE WHEN woken.up THEN NULL ELSE rests_until END
  FROM night_true AS now,
       LATERAL (SELECT id, acknowledged_at IS NOT NULL AND (
                   now.severity > rests_severity
                   OR now.number * 100 >= rests_at * (100 + %(worsened_share)s)) AS up
                  FROM segmentation_flag
                 WHERE kind = now.kind
                   AND account_id IS NOT DISTINCT FROM now.account_id
                   AND cleared_on IS NULL) AS woken
 WHERE flag.id = woken.id;

-- Back within some days: the same flag, without new notice.
UPDATE segmentation_flag AS flag
   SET severity = now.severity, level = now.level, number = now.number, money = now.money,
       evidence = now.evidence, policy_id = %(policy)s, held_on = %(as_of)s,
       checked_on = %(as_of)s, quiet_runs = 0, cleared_on = NULL
  FROM night_true AS now,
       LATERAL (SELECT id
                  FROM segmentation_flag
                 WHERE kind = now.kind
                   AND account_id IS NOT DISTINCT FROM now.account_id
                   AND cleared_on >= %(as_of)s::date - %(flag_return_days)s
                 ORDER BY cleared_on DESC, id DESC
                 LIMIT 1) AS cleared
 WHERE flag.id = cleared.id
   AND NOT EXISTS (
    SELECT FROM segmentation_flag AS open
     WHERE open.kind = now.kind
       AND open.account_id IS NOT DISTINCT FROM now.account_id
       AND open.cleared_on IS NULL
   );

-- New. Gaps are a queue: the largest first, so many a manager a week.
INSERT INTO segmentation_flag (kind, account_id, severity, level, number, money, evidence,
                               policy_id, raised_on, held_on, checked_on, quiet_runs, told,
                               acknowledged_reason)
SELECT kind, account_id, severity, level, number, money, evidence, %(policy)s, %(as_of)s,
       %(as_of)s, %(as_of)s, 0, 0, ''
  FROM (
    SELECT now.*,
           row_number() OVER (PARTITION BY now.owner_id, now.kind = ANY(%(gaps)s)
                                  ORDER BY now.money DESC, now.account_id, now.kind) AS place,
           (SELECT count(*)
              FROM segmentation_flag AS recent
              JOIN night_result AS mine
                ON mine.level = 'account' AND mine.account_id = recent.account_id
             WHERE recent.kind = ANY(%(gaps)s)
               AND recent.raised_on > %(as_of)s::date - 7
               AND mine.owner_id IS NOT DISTINCT FROM now.owner_id) AS recent
      FROM night_true AS now
     WHERE NOT EXISTS (
        SELECT FROM segmentation_flag AS open
         WHERE open.kind = now.kind
           AND open.account_id IS NOT DISTINCT FROM now.account_id
           AND open.cleared_on IS NULL
     )
  ) AS fresh
 WHERE NOT kind = ANY(%(gaps)s)
    OR place + recent <= %(gaps_per_week)s;

-- No longer true: some kinds wait before they clear. The level of a dependency falls at once.
UPDATE segmentation_flag AS flag
   SET quiet_runs = quiet_runs + CASE WHEN checked_on < %(as_of)s THEN 1 ELSE 0 END,
       checked_on = %(as_of)s,
       level = CASE WHEN kind = 'dependency' THEN 'none' ELSE level END,
       severity = CASE WHEN kind = 'dependency' THEN 1 ELSE severity END
 WHERE cleared_on IS NULL
   AND kind = ANY(%(looked_at)s)
   AND NOT EXISTS (
    SELECT FROM night_true AS now
     WHERE now.kind = flag.kind
       AND now.account_id IS NOT DISTINCT FROM flag.account_id
   );

UPDATE segmentation_flag
   SET cleared_on = %(as_of)s
 WHERE cleared_on IS NULL
   AND kind = ANY(%(looked_at)s)
   AND quiet_runs > 0
   AND held_on < %(as_of)s
   AND CASE kind WHEN 'dependency' THEN %(as_of)s::date - held_on >= %(key_exit_days)s
                 WHEN 'declining' THEN quiet_runs >= %(declining_quiet_runs)s
                 ELSE true END
