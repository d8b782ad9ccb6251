"""`account_update`: what happens to an account or to its tie with us (Meta's page: "account_update webhook")."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.onboarding.life import account_life
from app.onboarding.shares import partner_added, shares
from app.onboarding.shares.shares import Share
from app.webhooks.envelope import Change
from app.webhooks.hearing import Heard, check_at_once, hear_each
from app.webhooks.loose import text_at

FIELD = "account_update"
LONGEST_ID = 64  # as long as the columns it goes to

Verb = Callable[[Session, str, Change, datetime], bool]


def handle(session: Session, changes: Sequence[Change], now: datetime) -> Heard:
    return hear_each(session, changes, now, _handle_one)


def split(change: Change) -> list[Change]:
    return [change]


def _handle_one(session: Session, change: Change, now: datetime) -> Heard:
    event = text_at(change.value, "event")
    if event in CHECKED:
        return check_at_once(session, change, now)
    if event not in VERBS:
        return Heard(set_aside=(f"{FIELD} {event or 'without event'}",))
    # Partner events carry our own business in the envelope and name the account in the value; the others are of the
    # account in the envelope.
    waba_id = text_at(change.value, "waba_info", "waba_id")
    if waba_id is None and event not in OF_THE_ENVELOPE:
        return Heard(set_aside=(f"{FIELD} {event} without waba_id",))
    waba_id = waba_id or change.entry_id
    if not waba_id or len(waba_id) > LONGEST_ID:
        return Heard(set_aside=(f"{FIELD} {event} without waba_id",))
    made_due = VERBS[event](session, waba_id, change, now)
    return Heard(rings=frozenset({"onboardings"} if made_due else ()))


def _added(session: Session, waba_id: str, change: Change, now: datetime) -> bool:
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


def _offboarded(session: Session, waba_id: str, change: Change, now: datetime) -> bool:
    return account_life.offboarded(session, waba_id=waba_id, at=change.time or now, now=now)


def _reconnected(session: Session, waba_id: str, change: Change, now: datetime) -> bool:
    return account_life.reconnected(session, waba_id=waba_id, at=change.time or now, now=now)


def _removed(session: Session, waba_id: str, change: Change, now: datetime) -> bool:
    """An older shape of phone-app accounts names the number instead of the account: then that number alone is meant."""
    of_account = text_at(change.value, "waba_info", "waba_id") is not None
    if of_account:
        shares.take_back(session, waba_id, now=now)
    return account_life.removed(
        session,
        waba_id=waba_id,
        number=None if of_account else text_at(change.value, "phone_number"),
        because=_word(change, "reason"),
        by=_word(change, "initiated_by"),
        at=change.time or now,
        now=now,
    )


def _uninstalled(session: Session, waba_id: str, change: Change, now: datetime) -> bool:
    return account_life.uninstalled(session, waba_id=waba_id, at=change.time or now, now=now)


def _word(change: Change, name: str) -> str | None:
    """A word of `disconnection_info`; one too long for a word of Meta's is none."""
    word = text_at(change.value, "disconnection_info", name)
    longest = {"reason": 64, "initiated_by": 16}[name]
    return word if word is not None and len(word) <= longest else None


VERBS: dict[str, Verb] = {
    "PARTNER_ADDED": _added,
    "PARTNER_APP_INSTALLED": _added,
    "PARTNER_REMOVED": _removed,
    "PARTNER_APP_UNINSTALLED": _uninstalled,
    "ACCOUNT_OFFBOARDED": _offboarded,
    "ACCOUNT_RECONNECTED": _reconnected,
}
# What Meta did to an account: the check asks it what is so now.
CHECKED = frozenset({"ACCOUNT_DELETED", "ACCOUNT_RESTRICTION", "ACCOUNT_VIOLATION", "DISABLED_UPDATE"})
OF_THE_ENVELOPE = frozenset(VERBS) - {"PARTNER_ADDED", "PARTNER_APP_INSTALLED"}
