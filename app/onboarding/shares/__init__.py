"""Accounts that businesses share with our portfolio: heard of, listed, matched to a run, or settled by staff."""
