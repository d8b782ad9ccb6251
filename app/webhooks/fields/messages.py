"""`messages`: what contacts write, and receipts for what we sent (Meta's pages: "messages webhook reference")."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.messaging import receipts, store
from app.onboarding.life import two_way
from app.webhooks.envelope import Change
from app.webhooks.hearing import Heard
from app.webhooks.loose import items_at
from app.webhooks.reading import read_message, read_receipt

FIELD = "messages"


def handle(session: Session, changes: Sequence[Change], now: datetime) -> Heard:
    return _take_messages(session, changes, now) + _take_receipts(session, changes, now) + _pass_by(changes)


def split(change: Change) -> list[Change]:
    """One change for each message, each receipt, and for what else there is."""
    lists = {name: items_at(change.value, name) for name in ("messages", "statuses")}
    rest = {name: part for name, part in change.value.items() if name not in lists}
    about = {name: part for name, part in rest.items() if name in ("messaging_product", "metadata", "contacts")}
    parts = [replace(change, value=about | {name: [item]}) for name, items in lists.items() for item in items]
    return parts + ([replace(change, value=rest)] if rest.keys() != about.keys() or not parts else [])


def _take_messages(session: Session, changes: Sequence[Change], now: datetime) -> Heard:
    read = [read_message(change.value, item, now) for change in changes for item in items_at(change.value, "messages")]
    new = store.add_inbound(session, [message for message in read if message is not None])
    made_due = [
        two_way.heard(
            session,
            phone_number_id=message.phone_number_id,
            contact=message.contact,
            wamid=message.wamid,
            text=message.text,
            at=message.at,
            now=now,
        )
        for message in new
    ]
    return _heard(any(made_due), read.count(None) * (f"{FIELD} message unreadable",))


def _take_receipts(session: Session, changes: Sequence[Change], now: datetime) -> Heard:
    read = [read_receipt(change.value, item, now) for change in changes for item in items_at(change.value, "statuses")]
    noted = receipts.note_receipts(session, [receipt for receipt in read if receipt is not None], now=now)
    made_due = [
        two_way.receipt(session, wamid=receipt.wamid, state=receipt.state, at=receipt.at, now=now)
        for receipt in noted.tests
    ]
    set_aside = len(noted.strangers) * (f"{FIELD} status of a stranger",)
    set_aside += read.count(None) * (f"{FIELD} status unreadable",)
    set_aside += len(noted.early) * (f"{FIELD} status without its message",)
    return replace(_heard(any(made_due), set_aside), again=bool(noted.early))


def _pass_by(changes: Sequence[Change]) -> Heard:
    """Errors of the number itself, clicks, and what Meta may add: kept with the notification, acted upon by nobody."""
    known = {"messaging_product", "metadata", "contacts", "messages", "statuses"}
    return Heard(set_aside=tuple(f"{FIELD} {name}" for change in changes for name in change.value.keys() - known))


def _heard(made_due: bool, set_aside: tuple[str, ...]) -> Heard:
    return Heard(rings=frozenset({"onboardings"} if made_due else ()), set_aside=set_aside)
