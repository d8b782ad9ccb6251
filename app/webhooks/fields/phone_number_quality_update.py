"""`phone_number_quality_update`: a number was onboarded, or its limit has changed (Meta's page of that name)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.onboarding.life import number_news
from app.webhooks.envelope import Change
from app.webhooks.hearing import Heard, check_at_once, hear_each
from app.webhooks.loose import text_at

FIELD = "phone_number_quality_update"


def handle(session: Session, changes: Sequence[Change], now: datetime) -> Heard:
    return hear_each(session, changes, now, _handle_one)


def split(change: Change) -> list[Change]:
    return [change]


def _handle_one(session: Session, change: Change, now: datetime) -> Heard:
    return check_at_once(session, change, now) + _note(session, change, now)


def _note(session: Session, change: Change, now: datetime) -> Heard:
    display, event = text_at(change.value, "display_phone_number"), text_at(change.value, "event")
    if display is None or event != "ONBOARDING":
        return Heard(set_aside=(f"{FIELD} {event or 'without event'}",))
    made_due = number_news.number_onboarded(session, waba_id=change.entry_id, display=display, now=now)
    return Heard(rings=frozenset({"onboardings"} if made_due else ()))
