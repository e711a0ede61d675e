-- The same rate twice counts once; two rates for one day are both rejected.
DELETE FROM stage AS again
 USING stage AS first
 WHERE (first.currency, first.day, first.rate) = (again.currency, again.day, again.rate)
   AND first.n < again.n;

UPDATE stage
   SET problems = jsonb_build_array(jsonb_build_object(
           'field', 'rate', 'value', rate::text, 'message', %(twice)s::text))
 WHERE problems IS NULL
   AND (currency, day) IN (
    SELECT currency, day FROM stage WHERE problems IS NULL GROUP BY 1, 2 HAVING count(*) > 1
   )
