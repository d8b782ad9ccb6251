"""`smb_app_state_sync`: contacts of a number that stays on the phone app (Meta's page: "smb_app_state_sync webhook").

They come after they were asked for, and again whenever one is changed in the app. They are counted, and stay in the
notification as they came.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.onboarding.life import syncs
from app.webhooks.envelope import Change
from app.webhooks.hearing import Heard, hear_each
from app.webhooks.loose import items_at, text_at

FIELD = "smb_app_state_sync"


def handle(session: Session, changes: Sequence[Change], now: datetime) -> Heard:
    return hear_each(session, changes, now, _handle_one)


def split(change: Change) -> list[Change]:
    return [change]


def _handle_one(session: Session, change: Change, now: datetime) -> Heard:
    number, items = text_at(change.value, "metadata", "phone_number_id"), items_at(change.value, "state_sync")
    if number is None or not items:
        return Heard(set_aside=(f"{FIELD} unreadable",))
    known = syncs.note_seen(
        session,
        waba_id=change.entry_id,
        phone_number_id=number,
        kind=syncs.CONTACTS,
        chunks={_name_of(change): len(items)},
        at=change.time or now,
    )
    return Heard(set_aside=() if known else (f"{FIELD} of a stranger",))


def _name_of(change: Change) -> str:
    """Meta numbers these not at all, so what a change holds is its name: told twice, it counts once."""
    return hashlib.sha256(json.dumps(change.value, sort_keys=True).encode()).hexdigest()[:16]
