-- Groups with an account that is watched: key (its 90 days of memory included), VIP or
-- Strategic, in the core, or lost with a previous basis that mattered.
DROP TABLE IF EXISTS pg_temp.night_watched, pg_temp.night_true;
CREATE TEMP TABLE night_watched ON COMMIT DROP AS
SELECT result.group_id, bool_or(result.key OR period.id IS NOT NULL) AS key
  FROM night_result AS result
  LEFT JOIN segmentation_keyperiod AS period
    ON period.group_id = result.group_id AND period.ended_on IS NULL
 WHERE result.key
    OR period.id IS NOT NULL
    OR result.core
    OR result.segment IN ('vip', 'strategic')
    OR (result.trend = 'lost' AND result.was * 100 > %(watch_share)s * (
        SELECT sum(greatest(was, 0)) FROM night_result WHERE level = 'account'))
 GROUP BY result.group_id;

-- What is true tonight: one row per kind and subject.
CREATE TEMP TABLE night_true (
    kind       text,
    account_id bigint,
    severity   smallint,
    level      text,
    number     numeric,
    money      numeric,
    evidence   jsonb,
    owner_id   bigint
) ON COMMIT DROP
