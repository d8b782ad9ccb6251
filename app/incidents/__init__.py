"""Incidents: what a person must know, one open row for each real problem, closed by itself when the problem is gone.

To add a kind: a row in `kinds.toml` and a page of its name in `docs/runbooks/`.
"""
