"""How much room Meta's weekly limit leaves for new customers: times in, a decision out; the clock is the caller's."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

# Meta counts new customers of the last seven days, whenever those end ("Embedded Signup – Onboarding limits").
A_WEEK = timedelta(days=7)
# From this share of Meta's limit on staff are told, in hundredths.
NEARLY_FULL = 80


@dataclass(frozen=True)
class WeeklyRoom:
    """New clients of the last seven days against Meta's limit; `opens_at` is when there is room again if it is full."""

    used: int
    limit: int
    opens_at: datetime | None

    @property
    def left(self) -> int:
        return max(0, self.limit - self.used)

    @property
    def is_full(self) -> bool:
        return self.opens_at is not None

    @property
    def is_nearly_full(self) -> bool:
        """Whether staff should be told: four fifths are used, or all."""
        return self.used * 100 >= self.limit * NEARLY_FULL


def weekly_room(since: Collection[datetime], *, limit: int, now: datetime) -> WeeklyRoom:
    """How many more new clients Meta lets us bring in. `since` is when each was new; older ones do not count."""
    counted = sorted(moment for moment in since if moment > now - A_WEEK)
    if len(counted) < limit:
        return WeeklyRoom(len(counted), limit, None)
    # There is room again once so many have grown old that fewer than the limit are left.
    return WeeklyRoom(len(counted), limit, counted[len(counted) - limit] + A_WEEK)
