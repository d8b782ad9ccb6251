"""`account_review_update`: Meta has reviewed an account (Meta's page: "account_review_update webhook")."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.onboarding.life import number_news
from app.webhooks.envelope import Change
from app.webhooks.hearing import Heard, check_at_once, hear_each
from app.webhooks.loose import text_at

FIELD = "account_review_update"


def handle(session: Session, changes: Sequence[Change], now: datetime) -> Heard:
    return hear_each(session, changes, now, _handle_one)


def split(change: Change) -> list[Change]:
    return [change]


def _handle_one(session: Session, change: Change, now: datetime) -> Heard:
    return check_at_once(session, change, now) + _note(session, change, now)


def _note(session: Session, change: Change, now: datetime) -> Heard:
    decision = text_at(change.value, "decision")
    if decision is None:
        return Heard(set_aside=(f"{FIELD} without decision",))
    number_news.account_told(
        session, waba_id=change.entry_id, field=FIELD, facts={"decision": decision[:64]}, at=change.time or now
    )
    return Heard()
