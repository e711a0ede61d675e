-- Makes the open flags of the kinds that were looked at agree with what is true tonight.

-- Each truth with the flag it belongs to: the open one, else one cleared some days ago.
DROP TABLE IF EXISTS pg_temp.night_match;
ANALYZE night_true;
CREATE TEMP TABLE night_match ON COMMIT DROP AS
SELECT DISTINCT ON (now.kind, now.account_id) now.*, flag.id AS flag_id,
       flag.acknowledged_at IS NOT NULL AND (
           now.severity > flag.rests_severity
           OR now.number * 100 >= flag.rests_at * (100 + %(worsened_share)s)) AS wakes
  FROM night_true AS now
  LEFT JOIN segmentation_flag AS flag
    ON flag.kind = now.kind
   -- Flags of the firm have no account; 0 is nobody's.
   AND coalesce(flag.account_id, 0) = coalesce(now.account_id, 0)
   AND (flag.cleared_on IS NULL OR flag.cleared_on >= %(as_of)s::date - %(flag_return_days)s)
 ORDER BY now.kind, now.account_id, flag.cleared_on DESC NULLS FIRST, flag.id DESC;

-- Still true, or back within some days: the level moves, without new notice. An acknowledged
-- flag wakes when it got worse.
UPDATE segmentation_flag AS flag
   SET severity = now.severity, level = now.level, number = now.number, money = now.money,
       evidence = now.evidence, policy_id = %(policy)s, held_on = %(as_of)s,
       checked_on = %(as_of)s, quiet_runs = 0, cleared_on = NULL,
       acknowledged_at = CASE WHEN wakes THEN NULL ELSE acknowledged_at END,
       acknowledged_by_id = CASE WHEN wakes THEN NULL ELSE acknowledged_by_id END,
       acknowledged_reason = CASE WHEN wakes THEN '' ELSE acknowledged_reason END,
       rests_until = CASE WHEN wakes THEN NULL ELSE rests_until END
  FROM night_match AS now
 WHERE flag.id = now.flag_id;

-- New. Gaps are a queue: the largest first, so many a manager a week.
WITH recent AS (
    SELECT coalesce(mine.owner_id, 0) AS owner, count(*) AS flags
      FROM segmentation_flag AS flag
      JOIN night_result AS mine
        ON mine.level = 'account' AND mine.account_id = flag.account_id
     WHERE flag.kind = ANY(%(gaps)s)
       AND flag.raised_on > %(as_of)s::date - 7
     GROUP BY 1
), fresh AS (
    SELECT now.*, now.kind = ANY(%(gaps)s) AS is_gap,
           row_number() OVER (PARTITION BY now.owner_id, now.kind = ANY(%(gaps)s)
                                  ORDER BY now.money DESC, now.account_id, now.kind) AS place
      FROM night_match AS now
     WHERE flag_id IS NULL
)
INSERT INTO segmentation_flag (kind, account_id, severity, level, number, money, evidence,
                               policy_id, raised_on, held_on, checked_on, quiet_runs, told,
                               acknowledged_reason)
SELECT kind, account_id, severity, level, number, money, evidence, %(policy)s, %(as_of)s,
       %(as_of)s, %(as_of)s, 0, 0, ''
  FROM fresh
  LEFT JOIN recent ON recent.owner = coalesce(fresh.owner_id, 0)
 WHERE NOT is_gap
    OR place + coalesce(recent.flags, 0) <= %(gaps_per_week)s;

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
       AND coalesce(now.account_id, 0) = coalesce(flag.account_id, 0)
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
