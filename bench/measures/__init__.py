"""One file a subject. Each gives `measure(rounds)`, which yields `Figure`s; `bench/__main__.py` runs and judges them.

To add one: a file here, and a line in `SUBJECTS` there.
"""
