"""`business_capability_update`: how much a business may send and hold (Meta's page of that name)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.onboarding.life import number_news
from app.webhooks.envelope import Change
from app.webhooks.hearing import Heard, check_at_once, hear_each
from app.webhooks.loose import text_at

FIELD = "business_capability_update"
LIMITS = ("max_daily_conversations_per_business", "max_phone_numbers_per_business", "max_phone_numbers_per_waba")


def handle(session: Session, changes: Sequence[Change], now: datetime) -> Heard:
    return hear_each(session, changes, now, _handle_one)


def split(change: Change) -> list[Change]:
    return [change]


def _handle_one(session: Session, change: Change, now: datetime) -> Heard:
    return check_at_once(session, change, now) + _note(session, change, now)


def _note(session: Session, change: Change, now: datetime) -> Heard:
    # Texts: since 2026 the daily figure may be a name (TIER_2K), and -1 means without limit.
    facts = {name: found[:64] for name in LIMITS if (found := text_at(change.value, name)) is not None}
    if not facts:
        return Heard(set_aside=(f"{FIELD} without limits",))
    number_news.account_told(session, waba_id=change.entry_id, field=FIELD, facts=facts, at=change.time or now)
    return Heard()
