"""`account_update`: what happens to an account or to its tie with us (Meta's page: "account_update webhook")."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.onboarding import partner_added
from app.onboarding.shares import Share
from app.webhooks.envelope import Change
from app.webhooks.hearing import Heard
from app.webhooks.loose import text_at

FIELD = "account_update"
LONGEST_ID = 64  # as long as the columns it goes to

Verb = Callable[[Session, str, Change, datetime], bool]


def handle(session: Session, changes: Sequence[Change], now: datetime) -> Heard:
    heard = Heard()
    for change in changes:
        heard += _handle_one(session, change, now)
    return heard


def split(change: Change) -> list[Change]:
    return [change]


def _handle_one(session: Session, change: Change, now: datetime) -> Heard:
    event = text_at(change.value, "event")
    if event not in VERBS:
        return Heard(set_aside=(f"{FIELD} {event or 'without event'}",))
    # `entry.id` is our own business here; the account stands in the value.
    waba_id = text_at(change.value, "waba_info", "waba_id")
    if waba_id is None or len(waba_id) > LONGEST_ID:
        return Heard(set_aside=(f"{FIELD} {event} without waba_id",))
    made_due = VERBS[event](session, waba_id, change, now)
    return Heard(rings=frozenset({"onboardings"} if made_due else ()))


def _added(session: Session, waba_id: str, change: Change, now: datetime) -> bool:
    """Shared as a whole, or our app let in: whose it is, is decided elsewhere."""
    share = Share(
        kind=str(text_at(change.value, "event")),
        waba_id=waba_id,
        business_id=_id(change, "owner_business_id"),
        solution_id=_id(change, "solution_id"),
    )
    return partner_added.seen(session, share, at=change.time or now, now=now)


def _id(change: Change, name: str) -> str | None:
    """An id beside the account's; one too long for an id of Meta's is none."""
    found = text_at(change.value, "waba_info", name)
    return found if found is not None and len(found) <= LONGEST_ID else None


VERBS: dict[str, Verb] = {
    "PARTNER_ADDED": _added,
    "PARTNER_APP_INSTALLED": _added,
}
