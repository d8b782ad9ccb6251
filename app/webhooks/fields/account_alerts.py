"""`account_alerts`: Meta warns of something about a portfolio, an account or a number (Meta's page of that name).

What it says is not kept: it lets the account be compared with Meta at once.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.webhooks.envelope import Change
from app.webhooks.hearing import Heard, check_at_once, hear_each

FIELD = "account_alerts"


def handle(session: Session, changes: Sequence[Change], now: datetime) -> Heard:
    return hear_each(session, changes, now, check_at_once)


def split(change: Change) -> list[Change]:
    return [change]
