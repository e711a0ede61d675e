-- One row per row of the file: a rate, or what is wrong with it.
DROP TABLE IF EXISTS pg_temp.stage CASCADE;
CREATE TEMP TABLE stage (
    n        integer,
    currency text,
    day      date,
    rate     numeric(20, 10),
    problems jsonb,
    raw      jsonb
) ON COMMIT DROP
