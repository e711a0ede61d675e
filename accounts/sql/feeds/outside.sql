-- How many staged lines were booked before one day or after another.
SELECT count(*)
  FROM stage
 WHERE problems IS NULL
   AND (booked_on < %(earliest)s::date OR booked_on > %(latest)s::date)
