-- Gives lines their former values: what stood before the import, withdrawn or not. An account
-- that one of us has given since stays where the source had named none; amounts follow the
-- rate that they were converted at, as it stands today.
UPDATE accounts_ledgerentry AS entry
   SET account_id = CASE WHEN is_still_assigned THEN entry.account_id ELSE former.account_id END,
       assigned_at = CASE WHEN is_still_assigned THEN entry.assigned_at
                          ELSE former.assigned_at END,
       booked_on = former.booked_on,
       booked_revenue = former.booked_revenue,
       booked_cost = former.booked_cost,
       currency = former.currency,
       revenue = CASE WHEN former.revenue IS NOT NULL
                      THEN round(former.booked_revenue * coalesce(former.rate, 1), 4) END,
       cost = CASE WHEN former.revenue IS NOT NULL
                   THEN round(former.booked_cost * coalesce(former.rate, 1), 4) END,
       rate_on = former.rate_on,
       product_line_id = former.product_line_id,
       imported_id = former.imported_id,
       withdrawn_at = former.withdrawn_at,
       account_text = former.account_text
  FROM (
    SELECT line.entry_id, event.*, rate.rate,
           event.account_id IS NULL AND stored.assigned_at IS NOT NULL AS is_still_assigned
      FROM undo_line AS line
      JOIN accounts_ledgerentry AS stored ON stored.id = line.entry_id
      JOIN accounts_ledgerentryevent AS event ON event.pgh_id = line.target
      LEFT JOIN accounts_exchangerate AS rate
             ON rate.currency = event.currency AND rate.day = event.rate_on
  ) AS former
 WHERE entry.id = former.entry_id
