"""The garbage collector of a process that serves for days."""

import gc

# New objects until a look at the youngest: one database session makes hundreds, and nearly all go by themselves.
_YOUNG, _MIDDLE, _OLD = 50_000, 50, 100


def settle_in() -> None:
    """Say that everything loaded so far stays: it is never looked through again, and the rest is looked at less often.

    Called once, when a process has loaded what it needs. Measured with fifty clients at once on two cores: the slowest
    went from 1.40 to 1.28 times one alone.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
