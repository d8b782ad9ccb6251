"""`security`: the two-step PIN of a number was changed or reset (Meta's page: "security webhook")."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.onboarding.life import number_news
from app.webhooks.envelope import Change
from app.webhooks.hearing import Heard, check_at_once, hear_each
from app.webhooks.loose import text_at

FIELD = "security"
EVENTS = frozenset({"PIN_CHANGED", "PIN_RESET_REQUEST", "PIN_REQUEST_SUCCESS"})


def handle(session: Session, changes: Sequence[Change], now: datetime) -> Heard:
    return hear_each(session, changes, now, _handle_one)


def split(change: Change) -> list[Change]:
    return [change]


def _handle_one(session: Session, change: Change, now: datetime) -> Heard:
    return check_at_once(session, change, now) + _note(session, change, now)


def _note(session: Session, change: Change, now: datetime) -> Heard:
    display, event = text_at(change.value, "display_phone_number"), text_at(change.value, "event")
    if display is None or event not in EVENTS:
        return Heard(set_aside=(f"{FIELD} {event or 'without event'}",))
    number_news.pin_told(session, waba_id=change.entry_id, display=display, event=event, at=change.time or now)
    return Heard()
