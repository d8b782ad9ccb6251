"""`history`: chats of a number that stays on the phone app (Meta's page: "history webhook").

They come in chunks, in any order, and are counted. What they hold stays in the notification as it came: these are no
messages to us, they open no window for answers and prove nothing about ours. A later change carries media for messages
told before.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.onboarding.life import syncs
from app.webhooks.envelope import Change
from app.webhooks.hearing import Heard, hear_each
from app.webhooks.loose import int_at, items_at, text_at

FIELD = "history"
DECLINED = 2593109  # the owner of the phone app keeps the history back


def handle(session: Session, changes: Sequence[Change], now: datetime) -> Heard:
    return hear_each(session, changes, now, _handle_one)


def split(change: Change) -> list[Change]:
    return [change]


def _handle_one(session: Session, change: Change, now: datetime) -> Heard:
    number = text_at(change.value, "metadata", "phone_number_id")
    if number is None or not change.value.keys() & {"history", "messages"}:
        return Heard(set_aside=(f"{FIELD} unreadable",))
    items = items_at(change.value, "history")
    errors = [int_at(error, "code") for item in items for error in items_at(item, "errors")]
    known = syncs.note_seen(
        session,
        waba_id=change.entry_id,
        phone_number_id=number,
        kind=syncs.HISTORY,
        chunks=dict(chunk for item in items if (chunk := _chunk(item)) is not None),
        declined=DECLINED in errors,
        at=change.time or now,
    )
    others = tuple(f"{FIELD} error {code}" for code in errors if code != DECLINED)
    return Heard(set_aside=others if known else (*others, f"{FIELD} of a stranger"))


def _chunk(item: object) -> tuple[str, int] | None:
    """A chunk's name (`phase/order`) and how far Meta is with it, in percent."""
    phase, order = int_at(item, "metadata", "phase"), int_at(item, "metadata", "chunk_order")
    progress = int_at(item, "metadata", "progress")
    if phase is None or order is None or progress is None:
        return None
    return f"{phase}/{order}", min(progress, 100)
