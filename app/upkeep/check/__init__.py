"""The daily check: what we hold of every connected client beside what Meta says, and the repair of what is ours.

To add a fact: a row in `facts.toml`, its reading in `readings.py`, its change in `tests/upkeep/check/drifts.py`.
"""
