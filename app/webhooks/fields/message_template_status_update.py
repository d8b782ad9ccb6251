"""`message_template_status_update`: Meta has approved, paused or disabled a template (Meta's page of that name).

What it says is not kept: it lets the account be compared with Meta at once.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.webhooks.envelope import Change
from app.webhooks.hearing import Heard, check_at_once, hear_each

FIELD = "message_template_status_update"


def handle(session: Session, changes: Sequence[Change], now: datetime) -> Heard:
    return hear_each(session, changes, now, check_at_once)


def split(change: Change) -> list[Change]:
    return [change]
