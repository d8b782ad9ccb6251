"""What programs are told of a number's life: syncs of its phone app, and its end. Changes with a new version only."""

from datetime import datetime
from typing import Final

from pydantic import BaseModel

from app.onboarding.reading.progress import Removal, SyncView

SYNC_NAMES: Final = {"smb_app_state_sync": "contacts", "history": "history"}


class Shown(BaseModel):
    """A reply; its example appears in the document."""


class RemovedReply(Shown):
    """The account, or this number of it, is ours no more: when, Meta’s reason, and by whom (USER or SYSTEM)."""

    at: datetime
    reason: str | None
    by: str | None


class SyncReply(Shown):
    """One thing asked of a phone app, contacts or history: how far it is, and until when it may be asked for.

    `received` counts contacts, or chunks of history; `percent` is Meta’s own figure, which contacts have none of.
    """

    kind: str
    state: str
    until: datetime
    asked_at: datetime | None
    received: int
    percent: int | None
    last_at: datetime | None


def told_removal(removal: Removal | None) -> RemovedReply | None:
    return RemovedReply(at=removal.at, reason=removal.because, by=removal.by) if removal is not None else None


def told_sync(sync: SyncView) -> SyncReply:
    return SyncReply(
        kind=SYNC_NAMES[sync.kind],
        state=sync.state,
        until=sync.until,
        asked_at=sync.asked_at,
        received=sync.chunks,
        percent=sync.progress,
        last_at=sync.seen_at,
    )
