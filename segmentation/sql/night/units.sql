-- One row per account of the population and one per group of them (level account, group), with
-- sums, purchases and what people judge of them on the day.
DROP TABLE IF EXISTS pg_temp.night_tree, pg_temp.night_account, pg_temp.night_unit;

-- Accounts that have a parent on the day, each with its ultimate parent.
CREATE TEMP TABLE night_tree ON COMMIT DROP AS
WITH RECURSIVE tree AS (
    SELECT link.account_id, link.parent_id AS group_id
      FROM accounts_parentage AS link
     WHERE link.valid @> %(as_of)s::date
       AND NOT EXISTS (
        SELECT FROM accounts_parentage AS above
         WHERE above.account_id = link.parent_id
           AND above.valid @> %(as_of)s::date
       )
     UNION ALL
    SELECT link.account_id, tree.group_id
      FROM tree
      JOIN accounts_parentage AS link ON link.parent_id = tree.account_id
     WHERE link.valid @> %(as_of)s::date
)
SELECT account_id, group_id FROM tree;

CREATE TEMP TABLE night_account ON COMMIT DROP AS
WITH figures AS (
    SELECT account_id AS id,
           coalesce(sum(revenue) FILTER (WHERE is_now), 0) AS turnover,
           coalesce(sum(revenue - cost) FILTER (WHERE is_now), 0) AS income,
           coalesce(sum(revenue) FILTER (WHERE is_before), 0) AS previous_turnover,
           coalesce(sum(revenue - cost) FILTER (WHERE is_before), 0) AS previous_income,
           coalesce(bool_or(bought) FILTER (WHERE is_now), false) AS bought,
           coalesce(bool_or(bought) FILTER (WHERE is_before), false) AS bought_before,
           coalesce(bit_or(months) FILTER (WHERE is_now AND bought), 0) AS months,
           coalesce(bool_or(first_on <= %(quiet_until)s) FILTER (WHERE bought), false) AS early,
           max(last_on) FILTER (WHERE bought) AS last_purchase_on,
           coalesce(sum(lines) FILTER (WHERE is_now), 0)::integer AS lines,
           coalesce(sum(lines) FILTER (WHERE is_now AND NOT costed), 0)::integer
               AS uncosted_lines,
           coalesce(sum(revenue) FILTER (WHERE is_now AND NOT costed), 0) AS uncosted
      FROM night_ledger
     WHERE account_id IS NOT NULL
     GROUP BY account_id
), rating AS (
    SELECT account_id,
           max(score) FILTER (WHERE rater = 'kam') AS kam_score,
           max(score) FILTER (WHERE rater = 'head') AS head_score
      FROM (
        SELECT DISTINCT ON (account_id, rater) account_id, rater, score
          FROM segmentation_prospectrating
         WHERE coalesce(rated_on, '-infinity') <= %(as_of)s
         ORDER BY account_id, rater, rated_on DESC NULLS LAST
      ) AS newest
     GROUP BY account_id
)
SELECT figures.*, account.account_ref AS ref, coalesce(tree.group_id, figures.id) AS group_id,
       rating.kam_score, rating.head_score,
       -- The mean of both, rounded half up.
       coalesce((rating.kam_score + rating.head_score + 1) / 2,
                rating.kam_score, rating.head_score) AS prospects
  FROM figures
  JOIN accounts_account AS account USING (id)
  LEFT JOIN night_tree AS tree ON tree.account_id = figures.id
  LEFT JOIN rating ON rating.account_id = figures.id;

CREATE TEMP TABLE night_unit ON COMMIT DROP AS
SELECT 'account' AS level, id, group_id, ref, turnover, income, previous_turnover,
       previous_income, bought, bought_before, months, early, last_purchase_on, prospects,
       1 AS accounts
  FROM night_account
 UNION ALL
-- An account without relatives is a group as it stands: most are, and need no adding up.
SELECT 'group', id, id, ref, turnover, income, previous_turnover, previous_income, bought,
       bought_before, months, early, last_purchase_on, prospects, 1
  FROM night_account
 WHERE group_id NOT IN (SELECT group_id FROM night_tree)
 UNION ALL
SELECT 'group', group_id, group_id, min(root.account_ref), sum(turnover), sum(income),
       sum(previous_turnover), sum(previous_income), bool_or(bought), bool_or(bought_before),
       bit_or(months), bool_or(early), max(last_purchase_on), max(prospects), count(*)
  FROM night_account AS member
  JOIN accounts_account AS root ON root.id = member.group_id
 WHERE group_id IN (SELECT group_id FROM night_tree)
 GROUP BY group_id
