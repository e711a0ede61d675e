-- Any day of a month means the month. The same total twice counts once; two totals of one month
-- and currency are both rejected.
UPDATE stage
   SET month = left(month, 7) || '-01', currency = coalesce(currency, %(currency)s)
 WHERE problems IS NULL;

DELETE FROM stage AS again
 USING stage AS first
 WHERE first.problems IS NULL
   AND again.problems IS NULL
   AND (first.month, first.currency, first.revenue) = (again.month, again.currency, again.revenue)
   AND first.lines IS NOT DISTINCT FROM again.lines
   AND first.n < again.n;

UPDATE stage
   SET problems = jsonb_build_array(jsonb_build_object(
           'field', 'revenue', 'value', revenue::text, 'message', %(twice)s::text))
 WHERE problems IS NULL
   AND (month, currency) IN (
    SELECT month, currency FROM stage WHERE problems IS NULL GROUP BY 1, 2 HAVING count(*) > 1
   )
