-- One row: the first and the last booking day of the staged lines.
SELECT min(booked_on), max(booked_on) FROM stage WHERE problems IS NULL
