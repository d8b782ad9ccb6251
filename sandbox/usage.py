"""How much of the hour's calls is used up. Percentages only: nothing is refused here, faults do that."""

from collections import defaultdict

CALLS_PER_HOUR = 5000


class Usage:
    """Counts calls per hour for the app and for each account; percentages only, nothing is refused here."""

    def __init__(self) -> None:
        self._hour = -1
        self._counts: dict[str, int] = defaultdict(int)

    def clear(self) -> None:
        """Starts a new hour."""
        self._counts = defaultdict(int)

    def count(self, key: str, now: float) -> int:
        """Adds a call of ``key`` and returns the percentage of the hour's limit."""
        hour = int(now // 3600)
        if hour != self._hour:
            self._hour, self._counts = hour, defaultdict(int)
        self._counts[key] += 1
        return min(100, self._counts[key] * 100 // CALLS_PER_HOUR)
