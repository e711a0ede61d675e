-- One row per account and group with the result: the figures of the run's basis beside the
-- others, band and key of the group, trend, and the first segment that fits.
DROP TABLE IF EXISTS pg_temp.night_result, pg_temp.night_key;

-- Groups that are key on the day, and by what.
CREATE TEMP TABLE night_key ON COMMIT DROP AS
SELECT id AS group_id, band, share, income_band, turnover_band,
       concat_ws('+', by_band, by_amount, by_qualification) AS key_by
  FROM (
    SELECT ranked.id, ranked.income_band, ranked.turnover_band,
           CASE WHEN %(on_income)s THEN income_band ELSE turnover_band END AS band,
           CASE WHEN %(on_income)s THEN income_share ELSE turnover_share END AS share,
           CASE WHEN CASE WHEN %(on_income)s THEN income_band ELSE turnover_band END <> 'none'
                THEN 'band' END AS by_band,
           CASE WHEN CASE WHEN %(on_income)s THEN income ELSE turnover END > %(key_amount)s
                THEN 'amount' END AS by_amount,
           CASE WHEN qualified.group_id IS NOT NULL THEN 'qualification' END AS by_qualification
      FROM night_ranked AS ranked
      LEFT JOIN (
        SELECT DISTINCT coalesce(tree.group_id, qualification.account_id) AS group_id
          FROM segmentation_qualification AS qualification
          LEFT JOIN night_tree AS tree USING (account_id)
         WHERE qualification.approved_on <= %(as_of)s
           AND coalesce(qualification.expires_on, 'infinity') >= %(as_of)s
      ) AS qualified ON qualified.group_id = ranked.id
     WHERE level = 'group'
  ) AS grounds;

CREATE TEMP TABLE night_result ON COMMIT DROP AS
WITH chosen AS (
    SELECT ranked.*, night_key.band, night_key.key_by, night_key.key_by <> '' AS key,
           night_key.share AS group_share,
           night_key.income_band AS group_income_band,
           night_key.turnover_band AS group_turnover_band,
           CASE WHEN %(on_income)s THEN ranked.income ELSE ranked.turnover END AS basis,
           CASE WHEN %(on_income)s THEN ranked.previous_income
                ELSE ranked.previous_turnover END AS previous,
           CASE WHEN %(on_income)s THEN income_before ELSE turnover_before END AS before,
           CASE WHEN %(on_income)s THEN income_rank ELSE turnover_rank END AS rank,
           CASE WHEN %(on_income)s THEN income_share ELSE turnover_share END AS share,
           CASE WHEN %(on_income)s THEN income_abc ELSE turnover_abc END AS abc,
           CASE WHEN %(on_income)s THEN income_core ELSE turnover_core END AS core,
           CASE WHEN %(trend_on_income)s THEN ranked.income ELSE ranked.turnover END AS now,
           CASE WHEN %(trend_on_income)s THEN ranked.previous_income
                ELSE ranked.previous_turnover END AS was,
           bit_count(ranked.months::bit(64)) AS purchase_months
      FROM night_ranked AS ranked
      JOIN night_key USING (group_id)
), moved AS (
    SELECT chosen.*,
           CASE WHEN NOT bought AND NOT bought_before THEN 'inactive'
                WHEN NOT bought THEN 'lost'
                WHEN NOT bought_before THEN 'new'
                WHEN (now - was) * 100 > %(trend_change)s * abs(was) THEN 'growing'
                WHEN (was - now) * 100 > %(trend_change)s * abs(was) THEN 'declining'
                ELSE 'steady' END AS trend
      FROM chosen
), judged AS (
    SELECT moved.*,
           CASE WHEN core AND prospects >= %(vip_prospects)s THEN 'vip'
                WHEN prospects >= %(strategic_prospects)s THEN 'strategic'
                WHEN trend = 'lost' THEN 'lost'
                WHEN abc = 'C' AND NOT key AND purchase_months <= %(one_off_months)s AND early
                     AND coalesce(prospects, 0) <= %(ballast_prospects)s THEN 'ballast'
                ELSE 'typical' END AS computed_segment
      FROM moved
)
SELECT judged.level, judged.id AS account_id, judged.group_id, judged.ref, judged.accounts,
       %(as_of)s::date AS as_of, %(run)s::bigint AS run_id,
       judged.turnover, judged.income, judged.previous_turnover, judged.previous_income,
       judged.basis, judged.previous, judged.before, judged.rank, judged.share, judged.abc,
       judged.core, judged.income_rank, judged.income_share, judged.income_abc,
       judged.income_core, judged.turnover_rank, judged.turnover_share, judged.turnover_abc,
       judged.turnover_core, judged.band,
       judged.group_income_band AS income_band,
       judged.group_turnover_band AS turnover_band, judged.key, judged.key_by, judged.trend,
       judged.now, judged.was, judged.purchase_months, judged.last_purchase_on,
       judged.prospects, coalesce(override.segment, judged.computed_segment) AS segment,
       judged.computed_segment, judged.group_share, account.lines, account.uncosted_lines,
       account.uncosted, account.kam_score, account.head_score,
       coalesce(abs(account.kam_score - account.head_score) >= %(disputed_gap)s, false)
           AS disputed,
       owned.owner_id,
       CASE WHEN owned.owner_id IS NULL THEN placed.department_id
            ELSE works.department_id END AS department_id
  FROM judged
  LEFT JOIN night_account AS account
    ON judged.level = 'account' AND account.id = judged.id
  LEFT JOIN (
    SELECT DISTINCT ON (account_id) account_id, segment
      FROM segmentation_segmentoverride
     WHERE set_on <= %(as_of)s
       AND review_on >= %(as_of)s
     ORDER BY account_id, set_on DESC, id DESC
  ) AS override ON judged.level = 'account' AND override.account_id = judged.id
  LEFT JOIN accounts_ownership AS owned
    ON owned.account_id = judged.id AND owned.valid @> %(as_of)s::date
  LEFT JOIN firm_departmentmembership AS works
    ON works.user_id = owned.owner_id AND works.valid @> %(as_of)s::date
  LEFT JOIN accounts_placement AS placed
    ON placed.account_id = judged.id AND placed.valid @> %(as_of)s::date
