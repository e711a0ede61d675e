-- Withdraws the lines that nobody but the import has booked.
UPDATE accounts_ledgerentry AS entry
   SET withdrawn_at = now(), revenue = NULL, cost = NULL
  FROM undo_line AS line
 WHERE entry.id = line.entry_id
   AND line.outcome = 'withdrawn'
   AND line.target IS NULL
   AND entry.withdrawn_at IS NULL
