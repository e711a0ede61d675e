"""Who we sell to: accounts, groups, owners, and the ledger that every number comes from."""
