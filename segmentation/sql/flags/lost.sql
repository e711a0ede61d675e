-- Watched groups without a purchase for a window and some days, with one in the year before;
-- once raised it holds until they buy again or are closed.
SELECT result.group_id, 3, '', NULL::numeric, greatest(was, previous),
       jsonb_build_object('last', last_purchase_on, 'before', greatest(was, previous),
                          'basis', %(basis)s)
  FROM night_result AS result
  JOIN night_watched USING (group_id)
  JOIN accounts_account AS account ON account.id = result.group_id
 WHERE level = 'group'
   AND last_purchase_on <= %(window_after)s::date - %(lost_grace_days)s
   AND account.closed_on IS NULL
 UNION ALL
SELECT flag.account_id, flag.severity, flag.level, flag.number, flag.money, flag.evidence
  FROM segmentation_flag AS flag
  JOIN accounts_account AS account ON account.id = flag.account_id
  LEFT JOIN night_result AS result ON result.level = 'group' AND result.account_id = account.id
 WHERE flag.kind = 'lost'
   AND flag.cleared_on IS NULL
   AND account.closed_on IS NULL
   AND coalesce(result.last_purchase_on, '-infinity') <= (flag.evidence ->> 'last')::date
   AND NOT (result.last_purchase_on IS NOT NULL
            AND result.group_id IN (SELECT group_id FROM night_watched)
            AND result.last_purchase_on <= %(window_after)s::date - %(lost_grace_days)s)
