-- Ratings without a day hold from the beginning; where dated ones are on record, from today.
WITH told AS (
    SELECT stage.account_id, score.rater, score.value,
           CASE WHEN prospects_on IS NOT NULL THEN prospects_on
                WHEN newest.rated_on IS NOT NULL THEN %(today)s END AS rated_on,
           newest.score AS known
      FROM stage
     CROSS JOIN LATERAL (VALUES
           ('kam', prospects_kam), ('head', prospects_head)
     ) AS score (rater, value)
      LEFT JOIN LATERAL (
        SELECT rated_on, rating.score
          FROM segmentation_prospectrating AS rating
         WHERE rating.account_id = stage.account_id
           AND rating.rater = score.rater
         ORDER BY rated_on DESC NULLS LAST
         LIMIT 1
     ) AS newest ON true
     WHERE problems IS NULL
       AND score.value IS NOT NULL
), rated AS (
    INSERT INTO segmentation_prospectrating AS stored (account_id, rater, score, rated_on, reason)
    SELECT account_id, rater, value, rated_on, ''
      FROM told
     WHERE value IS DISTINCT FROM known
        OR rated_on IS NOT NULL
        ON CONFLICT (account_id, rater, rated_on) DO UPDATE
       SET score = EXCLUDED.score
     WHERE stored.score <> EXCLUDED.score
    RETURNING account_id
), qualified AS (
    INSERT INTO segmentation_qualification AS stored (account_id, ground, approved_on,
                                                      expires_on, reason)
    SELECT account_id, coalesce(qualified_ground, 'special'), qualified_on, qualified_until, ''
      FROM stage
     WHERE problems IS NULL
       AND qualified_on IS NOT NULL
        ON CONFLICT (account_id, ground, approved_on) DO UPDATE
       SET expires_on = EXCLUDED.expires_on
     WHERE stored.expires_on IS DISTINCT FROM EXCLUDED.expires_on
       AND EXCLUDED.expires_on IS NOT NULL
    RETURNING account_id
)
UPDATE stage
   SET is_changed = true
 WHERE account_id IN (SELECT account_id FROM rated UNION SELECT account_id FROM qualified)
