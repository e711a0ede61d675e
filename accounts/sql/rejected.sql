-- Rows that were rejected after they were staged: as the file has them, where it was read again
-- for that, else by their staged values.
CREATE TEMP TABLE IF NOT EXISTS whole_row (n integer, raw text) ON COMMIT DROP;

UPDATE stage
   SET raw = whole_row.raw::jsonb
  FROM whole_row
 WHERE whole_row.n = stage.n;

DROP TABLE whole_row;

UPDATE stage
   SET raw = jsonb_strip_nulls(to_jsonb(stage) - %(own)s::text[])
 WHERE problems IS NOT NULL
   AND raw IS NULL
