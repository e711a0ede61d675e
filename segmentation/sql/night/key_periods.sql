-- Key status lasts until its grounds have been gone for key_exit_days in a row.
UPDATE segmentation_keyperiod AS period
   SET held_on = %(as_of)s
  FROM night_key
 WHERE night_key.group_id = period.group_id
   AND night_key.key_by <> ''
   AND period.ended_on IS NULL;

INSERT INTO segmentation_keyperiod (group_id, since, held_on)
SELECT group_id, %(as_of)s, %(as_of)s
  FROM night_key
 WHERE key_by <> ''
   AND group_id NOT IN (SELECT group_id FROM segmentation_keyperiod WHERE ended_on IS NULL);

UPDATE segmentation_keyperiod
   SET ended_on = %(as_of)s
 WHERE ended_on IS NULL
   AND held_on <= %(as_of)s::date - %(key_exit_days)s
