-- Owners, present and former, who are no users.
SELECT DISTINCT named.ref
  FROM (
    SELECT owner AS ref FROM stage WHERE problems IS NULL
     UNION
    SELECT previous_owner FROM stage WHERE problems IS NULL
  ) AS named
 WHERE named.ref IS NOT NULL
   AND NOT EXISTS (
    SELECT FROM firm_user
     WHERE staff_ref = named.ref
        OR lower(email) = lower(named.ref)
   )
