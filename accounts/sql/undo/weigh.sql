-- One row per line that the import touched: what its undo does with it. A touch is an event of
-- an import or of an undo; its row is what stood before. The line's own insert left no event.
DROP TABLE IF EXISTS pg_temp.undo_mine, pg_temp.undo_touch, pg_temp.undo_line;

CREATE TEMP TABLE undo_mine ON COMMIT DROP AS
SELECT id AS entry_id
  FROM accounts_ledgerentry
 WHERE imported_id = %(imported)s
   AND withdrawn_at IS NULL
 UNION
SELECT event.pgh_obj_id
  FROM pghistory_context AS context
  JOIN accounts_ledgerentryevent AS event ON event.pgh_context_id = context.id
 WHERE context.metadata ->> 'ledger_import' = %(imported)s::text;

ANALYZE undo_mine;

CREATE TEMP TABLE undo_touch ON COMMIT DROP AS
SELECT mine.entry_id, event.pgh_id, imported.id AS import_id,
       imported.id = %(imported)s AS is_mine,
       imported.id <> %(imported)s AND imported.undone_at IS NULL AS stands,
       event.imported_id AS maker_id
  FROM undo_mine AS mine
  JOIN accounts_ledgerentryevent AS event ON event.pgh_obj_id = mine.entry_id
  JOIN pghistory_context AS context ON context.id = event.pgh_context_id
  LEFT JOIN accounts_ledgerimport AS imported
         ON imported.id = (context.metadata ->> 'ledger_import')::bigint
 WHERE imported.id IS NOT NULL
    OR context.metadata ->> 'ledger_undo' IS NOT NULL;

CREATE INDEX ON undo_touch (entry_id, pgh_id);
ANALYZE undo_touch;

CREATE TEMP TABLE undo_line ON COMMIT DROP AS
WITH placed AS (
    SELECT entry_id, min(pgh_id) AS first, coalesce(min(pgh_id) FILTER (WHERE is_mine), 0) AS mine
      FROM undo_touch
     GROUP BY entry_id
), bounded AS (
    -- What a later import has done stays while that stands. Below it what goes back, to the
    -- import before that stands or to the newest undo: an import between was undone, and had to
    -- leave the line then.
    SELECT placed.entry_id, placed.mine,
           (SELECT max(pgh_id)
              FROM undo_touch AS touch
             WHERE touch.entry_id = placed.entry_id
               AND touch.stands
               AND touch.pgh_id > placed.mine) AS kept,
           coalesce((SELECT max(pgh_id)
                       FROM undo_touch AS touch
                      WHERE touch.entry_id = placed.entry_id
                        AND (touch.stands OR touch.import_id IS NULL)
                        AND touch.pgh_id < placed.mine),
                    CASE WHEN maker.id <> %(imported)s AND maker.undone_at IS NULL
                         THEN 0 END) AS base
      FROM placed
      JOIN undo_touch AS touch
        ON touch.entry_id = placed.entry_id AND touch.pgh_id = placed.first
      JOIN accounts_ledgerimport AS maker ON maker.id = touch.maker_id
), aimed AS (
    SELECT bounded.entry_id, bounded.kept,
           (SELECT min(pgh_id)
              FROM undo_touch AS touch
             WHERE touch.entry_id = bounded.entry_id
               AND touch.import_id IS NOT NULL
               AND touch.pgh_id > bounded.base
               AND touch.pgh_id <= bounded.mine) AS target
      FROM bounded
)
SELECT entry_id, NULL::bigint AS kept_by_id, NULL::bigint AS target, 'withdrawn' AS outcome
  FROM undo_mine
 WHERE entry_id NOT IN (SELECT entry_id FROM undo_touch)
 UNION ALL
SELECT aimed.entry_id, keeper.import_id,
       CASE WHEN aimed.kept IS NULL THEN aimed.target END,
       CASE WHEN aimed.kept IS NOT NULL THEN 'left'
            WHEN aimed.target IS NULL OR former.withdrawn_at IS NOT NULL THEN 'withdrawn'
            ELSE 'restored' END
  FROM aimed
  LEFT JOIN undo_touch AS keeper
         ON keeper.entry_id = aimed.entry_id AND keeper.pgh_id = aimed.kept
  LEFT JOIN accounts_ledgerentryevent AS former ON former.pgh_id = aimed.target;

ANALYZE undo_line
