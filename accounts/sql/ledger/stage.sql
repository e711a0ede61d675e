-- One row per row of the file: its values where their shape is right, else the reasons.
DROP TABLE IF EXISTS pg_temp.stage CASCADE;
CREATE TEMP TABLE stage (
    n            integer,
    account_ref  text COLLATE "C",
    booked_on    date,
    revenue      numeric(18, 4),
    cost         numeric(18, 4),
    currency     text,
    document     text COLLATE "C",
    line         text COLLATE "C",
    product_line text,
    account_name text,
    parent_ref   text COLLATE "C",
    industry     text,
    country      text,
    headcount    integer,
    owner        text,
    is_ruled     boolean,
    problems     jsonb,
    raw          jsonb
) ON COMMIT DROP
