-- One row: what the portfolio adds up to, in sums that quotients are taken of later.
SELECT count(*) FILTER (WHERE level = 'account') AS population,
       coalesce(sum(turnover) FILTER (WHERE level = 'account'), 0) AS turnover,
       coalesce(sum(income) FILTER (WHERE level = 'account'), 0) AS income,
       coalesce(sum(basis) FILTER (WHERE level = 'account' AND basis > 0), 0) AS total,
       coalesce(sum(greatest(income, 0)) FILTER (WHERE level = 'account'), 0) AS profits,
       coalesce(-sum(least(income, 0)) FILTER (WHERE level = 'account'), 0) AS losses,
       count(*) FILTER (WHERE level = 'account' AND basis > 0) AS positive_accounts,
       count(*) FILTER (WHERE level = 'group') AS groups,
       count(*) FILTER (WHERE level = 'group' AND basis > 0) AS positive_groups,
       count(*) FILTER (WHERE level = 'group' AND key) AS key_groups,
       coalesce(sum(basis) FILTER (WHERE level = 'group' AND basis > 0), 0) AS group_total,
       coalesce(sum(basis * basis) FILTER (WHERE level = 'group' AND basis > 0), 0) AS squares,
       coalesce(sum(basis) FILTER (WHERE level = 'group' AND basis > 0 AND key), 0) AS key_sum,
       coalesce(sum(basis) FILTER (WHERE level = 'group' AND basis > 0 AND rank <= 1), 0) AS top_1,
       coalesce(sum(basis) FILTER (WHERE level = 'group' AND basis > 0 AND rank <= 3), 0) AS top_3,
       coalesce(sum(basis) FILTER (WHERE level = 'group' AND basis > 0 AND rank <= 5), 0) AS top_5,
       coalesce(sum(basis) FILTER (WHERE level = 'group' AND basis > 0 AND rank <= 10), 0)
           AS top_10,
       coalesce(sum(basis) FILTER (WHERE level = 'account' AND basis > 0 AND rank <= (
           SELECT ceil(count(*) / 5.0)
             FROM night_result
            WHERE level = 'account' AND basis > 0)), 0) AS top_fifth,
       count(*) FILTER (WHERE level = 'account' AND abc <> 'C') AS ab,
       count(*) FILTER (WHERE level = 'account' AND abc <> 'C' AND prospects IS NOT NULL)
           AS rated_ab
  FROM night_result
