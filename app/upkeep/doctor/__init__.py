"""The doctor: reads facts about our set-up with Meta and about this house, judges each, and names the exact fix.

`facts.py` says what is known, `from_meta.py` and `from_house.py` read it (side by side, with a deadline, no
transaction open), `rules/` judges it, `findings.toml` has the words, `examination.py` does one whole examination.

To add a check: a function in the file of its subject under `rules/`, one line in `checks.CHECKS`, a table in
`findings.toml`, and a row in `tests/upkeep/doctor/faults.py` that breaks it.
"""
