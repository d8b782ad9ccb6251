"""Tokens that do not die: each is renewed well before its end, and who cannot be renewed is told in time.

`rules.py` decides, `ways.py` asks Meta, `renewing.py` moves the watches along, `warnings.py` tells people.
"""
