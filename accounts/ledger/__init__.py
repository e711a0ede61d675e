"""Pages on which people put the ledger right."""
