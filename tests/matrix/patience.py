"""How much time passes where somebody waits for what will not come."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta

# Meta's window speaks at once or never. A call without an answer is in doubt until one try of ours has certainly ended
# (46.1 seconds), and a share that another account's allocation may hide for ten minutes; then it was never made, and is
# asked for again.
IN_DOUBT = timedelta(seconds=47)
LONGEST = {
    "event": (timedelta(seconds=3),),
    "number_connected": (IN_DOUBT,),
    "credit_attached": (IN_DOUBT, timedelta(minutes=10, seconds=1)),
}


@dataclass
class Patience:
    """The times of one cell that have passed already: each passes once."""

    passed: Counter[str] = field(default_factory=Counter)

    def next_span(self, conditions: Collection[str | None]) -> timedelta | None:
        """As much time as it takes until one of these conditions is waited for no more; None when all has passed."""
        for condition, spans in LONGEST.items():
            if condition in conditions and self.passed[condition] < len(spans):
                self.passed[condition] += 1
                return spans[self.passed[condition] - 1]
        return None
