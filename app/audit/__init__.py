"""The ledger of who did what: append-only, written in the same transaction as the deed."""
