"""`account_update`: what happens to an account or to its tie with us (Meta's page: "account_update webhook")."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.onboarding import partner_added
from app.webhooks.envelope import Change
from app.webhooks.hearing import Heard
from app.webhooks.loose import text_at

FIELD = "account_update"


def handle(session: Session, changes: Sequence[Change], now: datetime) -> Heard:
    heard = Heard()
    for change in changes:
        heard += _handle_one(session, change, now)
    return heard


def split(change: Change) -> list[Change]:
    return [change]


def _handle_one(session: Session, change: Change, now: datetime) -> Heard:
    if text_at(change.value, "event") != "PARTNER_ADDED":
        return Heard(set_aside=(f"{FIELD} {text_at(change.value, 'event') or 'without event'}",))
    # `entry.id` is our own business here; the account stands in the value.
    waba_id = text_at(change.value, "waba_info", "waba_id")
    if waba_id is None:
        return Heard(set_aside=(f"{FIELD} PARTNER_ADDED without waba_id",))
    made_due = partner_added.seen(
        session,
        waba_id=waba_id,
        business_id=text_at(change.value, "waba_info", "owner_business_id"),
        at=change.time or now,
        now=now,
    )
    return Heard(rings=frozenset({"onboardings"} if made_due else ()))
