-- One row per row of the file: a control total, or what is wrong with it.
DROP TABLE IF EXISTS pg_temp.stage CASCADE;
CREATE TEMP TABLE stage (
    n        integer,
    month    text,
    currency text,
    revenue  numeric(20, 4),
    lines    integer,
    problems jsonb,
    raw      jsonb
) ON COMMIT DROP
